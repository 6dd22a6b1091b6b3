package dev.patronstream.cli.screen;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a command meets of the world that started it.
 *
 * @param screen where it prints for people
 * @param out where it prints for programs: JSON and CSV, in UTF-8
 * @param error where it says why it failed
 * @param environment the environment variables
 * @param stop tells when to stop; asked for by commands that have something to bring to an end
 * @param question asks a person something and returns the line that is typed; nothing where there is no person
 */
public record Terminal(
        Screen screen,
        PrintStream out,
        PrintStream error,
        Map<String, String> environment,
        Supplier<StopRequest> stop,
        Function<String, Optional<String>> question) {

    /** Copies the environment. */
    public Terminal {
        environment = Map.copyOf(environment);
    }

    /** Prints a line for people. */
    public void line(String text) {
        screen.line(text);
    }

    public static Terminal ofProcess(StopRequest stop) {
        Screen screen = Screen.standard(System.getenv());
        return new Terminal(
                screen,
                // JSON is UTF-8, whatever the locale says.
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                System.err,
                System.getenv(),
                stop::heeded,
                text -> screen.isTerminal() ? ask(text) : Optional.empty());
    }

    private static Optional<String> ask(String text) {
        return Optional.ofNullable(System.console()).map(console -> console.readLine("%s", text));
    }
}
