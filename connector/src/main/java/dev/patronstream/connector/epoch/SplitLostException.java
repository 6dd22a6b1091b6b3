package dev.patronstream.connector.epoch;

/** A source transaction of which a part is published is not in the change tables any more. */
public final class SplitLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SplitLostException(String message) {
        super(message);
    }
}
