package dev.patronstream.connector;

/** Debezium's engine has ended by a failure; the cause says which. */
final class EngineFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EngineFailedException(Throwable cause) {
        super(cause);
    }
}
