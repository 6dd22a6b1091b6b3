package dev.patronstream.streams.rebuild;

/** A rebuild cannot begin, and nothing was changed; the message says why and what to do. */
public final class RebuildRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RebuildRefusedException(String message) {
        super(message);
    }
}
