package dev.patronstream.cli.command;

import dev.patronstream.cli.screen.Screen;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.screen.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine;

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

    /** Returns every command with its options. */
    public CommandLine line() {
        return Commands.line(terminal());
    }

    /** Returns the words of every command and of the commands below it; the empty text is {@code patronstream} alone. */
    public static Stream<String> commands() {
        return commands("", new CapturedTerminal(Map.of()).line());
    }

    private static Stream<String> commands(String prefix, CommandLine line) {
        return Stream.concat(
                Stream.of(prefix.strip()),
                new TreeMap<>(line.getSubcommands())
                        .entrySet().stream().flatMap(sub -> commands(prefix + " " + sub.getKey(), sub.getValue())));
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
