package dev.patronstream.cli.web;

/** The patron table cannot be asked at this moment, or not in this process. The message, for people, says why. */
public final class TableUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The same with a cause. */
    public TableUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Makes one for a person to read. */
    public TableUnavailableException(String message) {
        super(message);
    }
}
