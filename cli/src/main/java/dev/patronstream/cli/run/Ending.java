package dev.patronstream.cli.run;

import dev.patronstream.cli.screen.CommandFailedException;

/**
 * Why a process ends that nobody has stopped.
 *
 * @param message for people: what happened, what to do
 * @param exitCode how the process ends: 1 a supervisor starts it again; 2 refused and 4 fenced, and it does not
 */
public record Ending(String message, int exitCode) {

    /** Something failed; started again, it may go well. */
    public static final int FAILED = 1;

    /** A person has to change something first: the configuration, the database, a right. */
    public static final int REFUSED = 2;

    /** Another process has taken over. */
    public static final int FENCED = 4;

    /** Returns it as the end of the command. */
    public CommandFailedException exception() {
        return new CommandFailedException(message, exitCode);
    }
}
