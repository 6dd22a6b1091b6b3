package dev.patronstream.snapshotter;

import java.util.List;

/**
 * How the snapshotter stands.
 *
 * @param feeds the feeds, in the order of the configuration
 * @param leads whether it carries out the schedules, rather than another snapshotter of the district
 */
public record SnapshotterStatus(List<FeedStatus> feeds, boolean leads) {

    /** Copies the list. */
    public SnapshotterStatus {
        feeds = List.copyOf(feeds);
    }
}
