package dev.patronstream.snapshotter.ledger;

import java.nio.file.Path;

/**
 * Where local copies are kept, and how many.
 *
 * @param folder their folder
 * @param generations how many deliveries of a feed are kept
 * @param megabytes how large the kept deliveries of a feed may be together, in units of 1,000,000 bytes
 */
public record ArchiveSettings(Path folder, int generations, int megabytes) {

    private static final long BYTES_OF_A_MEGABYTE = 1_000_000;

    /** Returns the archive of these settings. */
    public Archive open() {
        return new Archive(folder, generations, megabytes * BYTES_OF_A_MEGABYTE);
    }
}
