package dev.patronstream.connector.row;

/** A value does not say what its field needs. Carries no value: it may be a private one. */
final class UnreadableValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableValueException(String message) {
        super(message, null, false, false);
    }
}
