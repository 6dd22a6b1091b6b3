package dev.patronstream.connector.row;

/** The captured rows have other columns than at the start; what is there now has to be looked at again. */
public final class MissingColumnException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MissingColumnException(String message) {
        super(message);
    }
}
