package dev.patronstream.snapshotter;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a single snapshot is taken: into a folder to look at or to the vendor, and there also a file that it holds
 * already.
 */
public record SnapshotOptions(Optional<Path> dryRun, boolean evenIfUnchanged) {

    /** Delivers, unless the vendor holds the same file already. */
    public static final SnapshotOptions DELIVER = new SnapshotOptions(Optional.empty(), false);
}
