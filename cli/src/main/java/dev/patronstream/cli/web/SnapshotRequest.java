package dev.patronstream.cli.web;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a snapshot is to be taken.
 *
 * @param dryRun an absolute folder of this machine to write the files to, instead of delivering them; empty delivers
 * @param evenIfUnchanged whether to send a file that the vendor holds already
 */
public record SnapshotRequest(Optional<Path> dryRun, boolean evenIfUnchanged) {

    /** Delivers, unless the vendor holds the same file already. */
    public static final SnapshotRequest DELIVER = new SnapshotRequest(Optional.empty(), false);
}
