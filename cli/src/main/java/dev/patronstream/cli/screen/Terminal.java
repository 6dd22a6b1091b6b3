package dev.patronstream.cli.screen;

import java.io.PrintStream;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a command meets of the world that started it.
 *
 * @param screen where it prints for people
 * @param out where it prints for programs: JSON
 * @param error where it says why it failed
 * @param environment the environment variables
 * @param stop tells when to stop; asked for once, by commands that run on
 */
public record Terminal(
        Screen screen,
        PrintStream out,
        PrintStream error,
        Map<String, String> environment,
        Supplier<StopRequest> stop) {

    /** Copies the environment. */
    public Terminal {
        environment = Map.copyOf(environment);
    }

    /** Returns the one of this process. */
    public static Terminal ofProcess() {
        return new Terminal(
                Screen.standard(System.getenv()), System.out, System.err, System.getenv(), StopRequest::onSignals);
    }
}
