package dev.patronstream.snapshotter.file;

import dev.patronstream.schemas.secret.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A file that is whole on the local disk.
 *
 * @param path where
 * @param bytes its size
 * @param sha256 hex SHA-256 of its content
 */
public record StoredFile(Path path, long bytes, String sha256) {

    /** Reads a file to its end. */
    public static StoredFile of(Path file) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            long bytes = in.transferTo(OutputStream.nullOutputStream());
            return new StoredFile(file, bytes, HexFormat.of().formatHex(digest.digest()));
        }
    }

    /** Returns its name, here and at the vendor. */
    public String name() {
        return path.getFileName().toString();
    }
}
