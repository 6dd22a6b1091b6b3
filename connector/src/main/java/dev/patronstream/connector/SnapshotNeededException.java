package dev.patronstream.connector;

/** Streaming cannot go on without a gap; the tables have to be read again and compared with the topics. */
final class SnapshotNeededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SnapshotNeededException(String reason) {
        super(reason);
    }
}
