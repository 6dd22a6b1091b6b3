package dev.patronstream.cli.command;

import dev.patronstream.cli.screen.Screen;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.screen.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** A terminal whose text a test can read. */
public final class CapturedTerminal {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream error = new ByteArrayOutputStream();
    private final StopRequest stop = StopRequest.bySelf();
    private final Map<String, String> environment;
    private Optional<String> answer = Optional.empty();

    public CapturedTerminal(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Runs a command line and returns its exit code. */
    public int run(String... arguments) {
        return Commands.run(terminal(), arguments);
    }

    Terminal terminal() {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new Terminal(
                new Screen(stream, false),
                stream,
                new PrintStream(error, true, StandardCharsets.UTF_8),
                environment,
                () -> stop,
                question -> {
                    stream.print(question);
                    return answer;
                });
    }

    /** A person sits there who answers every question with this. */
    public CapturedTerminal answering(String line) {
        answer = Optional.of(line);
        return this;
    }

    /** Stops a command that runs on, as Ctrl-C does. */
    public void stop() {
        stop.request();
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String error() {
        return error.toString(StandardCharsets.UTF_8);
    }
}
