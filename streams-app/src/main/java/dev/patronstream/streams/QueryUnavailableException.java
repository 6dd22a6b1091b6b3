package dev.patronstream.streams;

/** The materialized tables cannot be asked at this moment, or not here. The message says why; ask again later. */
public final class QueryUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    QueryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
