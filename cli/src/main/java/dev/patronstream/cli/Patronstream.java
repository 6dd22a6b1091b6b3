package dev.patronstream.cli;

import dev.patronstream.cli.command.Commands;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.screen.Terminal;

/** The one command: {@code patronstream}. */
public final class Patronstream {

    private Patronstream() {}

    /** Runs a command and ends the process with its exit code: 0 done, 1 failed, 2 wrong usage or configuration, 3 held, 4 fenced. */
    public static void main(String[] arguments) {
        int exitCode = 1;
        try (StopRequest stop = StopRequest.onSignals()) {
            exitCode = Commands.run(Terminal.ofProcess(stop), arguments);
        } catch (Throwable dead) {
            // Whatever it is, the process must not stay without the thread that holds it together.
            System.err.println("patronstream: " + dead);
        }
        System.exit(exitCode);
    }
}
