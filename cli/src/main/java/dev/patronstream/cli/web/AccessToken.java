package dev.patronstream.cli.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The secret that a caller shows to be let at what only its owner may do or see. Lies in the data folder of the running
 * process, readable by the owner alone, and stays the same over restarts. Immutable; its text never appears in {@link
 * #toString}.
 */
public final class AccessToken {

    private static final String FILE = "status-token";
    private static final int BYTES = 32;

    private final String text;

    private AccessToken(String text) {
        this.text = text;
    }

    /**
     * Returns the token of a data folder; makes one if there is none yet.
     *
     * @throws UncheckedIOException if it can be neither read nor written
     */
    public static AccessToken ensure(Path folder) {
        return find(folder).orElseGet(() -> create(folder));
    }

    /**
     * Returns the token of a data folder, if a process has made one.
     *
     * @throws UncheckedIOException if it is there and cannot be read, as for anybody but its owner
     */
    public static Optional<AccessToken> find(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(new AccessToken(text));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + "; only its owner may", e);
        }
    }

    private static AccessToken create(Path folder) {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String text = HexFormat.of().formatHex(random);
        Path file = folder.resolve(FILE);
        try {
            Files.createDirectories(folder);
            Path written = Files.createTempFile(folder, FILE, ".new", ownerOnly(folder));
            Files.writeString(written, text + "\n", StandardCharsets.US_ASCII);
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
        return new AccessToken(text);
    }

    /** From the start, so that there is no moment at which others can read it. */
    private static FileAttribute<?>[] ownerOnly(Path folder) {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** Returns the value for a caller's {@code Authorization} header. */
    public String header() {
        return "Bearer " + text;
    }

    /** Returns whether a caller's {@code Authorization} header carries this token; takes the same time for any text. */
    boolean isIn(String header) {
        return MessageDigest.isEqual(
                header.getBytes(StandardCharsets.UTF_8), header().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "AccessToken[...]";
    }
}
