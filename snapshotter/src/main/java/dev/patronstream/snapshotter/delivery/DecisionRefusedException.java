package dev.patronstream.snapshotter.delivery;

/** An order about a delivery cannot be carried out; nothing was changed. The message says why and what to do. */
public final class DecisionRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DecisionRefusedException(String message) {
        super(message);
    }
}
