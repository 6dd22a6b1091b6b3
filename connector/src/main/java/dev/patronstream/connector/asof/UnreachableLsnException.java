package dev.patronstream.connector.asof;

/** The tables cannot be rolled back to the LSN. The message says why and what to do; it holds nothing private. */
public final class UnreachableLsnException extends Exception {

    private static final long serialVersionUID = 1L;

    UnreachableLsnException(String message) {
        super(message);
    }
}
