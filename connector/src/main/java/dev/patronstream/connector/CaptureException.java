package dev.patronstream.connector;

/**
 * Capture cannot go on, and trying again would not help: a person has to do something. The message says what was tried,
 * what happened and what to do, and is fit for a screen.
 */
public final class CaptureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Makes an exception with a message for people. */
    public CaptureException(String message) {
        super(message);
    }

    /** Makes an exception with a message for people and the cause for the log. */
    public CaptureException(String message, Throwable cause) {
        super(message, cause);
    }
}
