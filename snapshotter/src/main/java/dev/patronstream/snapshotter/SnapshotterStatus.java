package dev.patronstream.snapshotter;

import java.util.List;

/**
 * How the snapshotter stands.
 *
 * @param feeds the feeds, in the order of the configuration
 */
public record SnapshotterStatus(List<FeedStatus> feeds) {

    /** Copies the list. */
    public SnapshotterStatus {
        feeds = List.copyOf(feeds);
    }
}
