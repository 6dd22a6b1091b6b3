package dev.patronstream.snapshotter;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a single snapshot is taken.
 *
 * @param dryRun a folder to write the files to, instead of delivering them; empty delivers
 * @param evenIfUnchanged whether to send a file that the vendor holds already
 */
public record SnapshotOptions(Optional<Path> dryRun, boolean evenIfUnchanged) {

    /** Delivers, unless the vendor holds the same file already. */
    public static final SnapshotOptions DELIVER = new SnapshotOptions(Optional.empty(), false);
}
