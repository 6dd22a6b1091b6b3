package dev.patronstream.connector.epoch;

/** Streaming cannot go on without a gap; the tables have to be read again and compared with the topics. */
public final class SnapshotNeededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SnapshotNeededException(String reason) {
        super(reason);
    }
}
