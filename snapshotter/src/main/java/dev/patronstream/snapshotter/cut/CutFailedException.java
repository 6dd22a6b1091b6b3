package dev.patronstream.snapshotter.cut;

/** A cut could not be made in time, or could not be made exact. The message says what to do. */
public final class CutFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    CutFailedException(String message) {
        super(message);
    }
}
