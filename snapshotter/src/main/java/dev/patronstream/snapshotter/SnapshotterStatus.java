package dev.patronstream.snapshotter;

import java.util.List;

/**
 * How the snapshotter stands: its feeds, in the order of the configuration, and whether it carries out the schedules,
 * rather than another snapshotter of the district.
 */
public record SnapshotterStatus(List<FeedStatus> feeds, boolean leads) {

    public SnapshotterStatus {
        feeds = List.copyOf(feeds);
    }
}
