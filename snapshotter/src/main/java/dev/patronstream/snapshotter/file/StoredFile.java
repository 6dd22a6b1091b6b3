package dev.patronstream.snapshotter.file;

import java.nio.file.Path;

/**
 * A file that is whole on the local disk.
 *
 * @param path where
 * @param bytes its size
 * @param sha256 hex SHA-256 of its content
 */
public record StoredFile(Path path, long bytes, String sha256) {

    /** Returns its name, here and at the vendor. */
    public String name() {
        return path.getFileName().toString();
    }
}
