package dev.patronstream.cli.screen;

/** A command cannot do what it was asked; the message is all that people need: what was tried, what happened, what to do. */
public final class CommandFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** Makes the exception; the command ends with exit code 1. */
    public CommandFailedException(String message) {
        this(message, 1);
    }

    public CommandFailedException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    public CommandFailedException(String message, Throwable cause) {
        super(message, cause);
        this.exitCode = 1;
    }

    public int exitCode() {
        return exitCode;
    }
}
