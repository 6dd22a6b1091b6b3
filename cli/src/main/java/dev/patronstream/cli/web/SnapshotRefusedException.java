package dev.patronstream.cli.web;

/** A snapshot was not taken, and left no receipt. The message, for people, says why and what to do. */
public final class SnapshotRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The same with a cause. */
    public SnapshotRefusedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Makes one for a person to read. */
    public SnapshotRefusedException(String message) {
        super(message);
    }
}
