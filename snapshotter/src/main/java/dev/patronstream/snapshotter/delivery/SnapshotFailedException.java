package dev.patronstream.snapshotter.delivery;

/** A snapshot failed, and no receipt could be written about it. The message says why and what to do. */
public final class SnapshotFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SnapshotFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Files may have taken their places at the vendor, and no receipt says what became of them. */
    static SnapshotFailedException undecided(String feed, Throwable cause) {
        return new SnapshotFailedException(
                "The delivery of the feed '" + feed + "' did not come to its end (" + cause.getMessage()
                        + "). Of each file the vendor holds the old or the new one, whole, and the next delivery finds"
                        + " out which",
                cause);
    }
}
