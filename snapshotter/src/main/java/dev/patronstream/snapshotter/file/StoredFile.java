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

/** A file that is whole on the local disk, with its size and the hex SHA-256 of its content. */
public record StoredFile(Path path, long bytes, String sha256) {

    public static StoredFile of(Path file) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            long bytes = in.transferTo(OutputStream.nullOutputStream());
            return new StoredFile(file, bytes, HexFormat.of().formatHex(digest.digest()));
        }
    }

    public String name() {
        return path.getFileName().toString();
    }
}
