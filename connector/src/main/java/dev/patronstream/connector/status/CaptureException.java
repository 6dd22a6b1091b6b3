package dev.patronstream.connector.status;

import org.jspecify.annotations.Nullable;

/**
 * Capture cannot go on, and trying again would not help: a person has to do something. The message says what was tried,
 * what happened and what to do, and is fit for a screen.
 */
public final class CaptureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What follows for the process. */
    public enum Kind {
        /** Started again, it may go well. */
        FAILED,
        /** A person has to change something before it is started again. */
        REFUSED,
        /** Another connector has taken over, and nothing is wrong. */
        FENCED
    }

    private final Kind kind;

    public CaptureException(String message) {
        super(message);
        this.kind = Kind.REFUSED;
    }

    public CaptureException(String message, Throwable cause) {
        this(message, cause, Kind.REFUSED);
    }

    public CaptureException(String message, @Nullable Throwable cause, Kind kind) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
