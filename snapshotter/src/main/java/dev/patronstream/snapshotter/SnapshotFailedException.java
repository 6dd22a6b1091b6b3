package dev.patronstream.snapshotter;

/** A snapshot failed, and no receipt could be written about it. The message says why and what to do. */
public final class SnapshotFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SnapshotFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
