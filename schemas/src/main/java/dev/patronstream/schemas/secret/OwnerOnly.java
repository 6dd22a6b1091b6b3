package dev.patronstream.schemas.secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Folders and secrets that only the owner of the process can read, whatever its umask. Where the file system has no POSIX
 * permissions the folder's own rules decide. Stateless.
 */
public final class OwnerOnly {

    /** Whether the files of this machine have permissions as POSIX knows them. */
    public static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private static final String FOLDER = "rwx------";
    private static final String FILE = "rw-------";
    private static final int SECRET_BYTES = 32;

    private OwnerOnly() {}

    /**
     * Makes a folder, with the ones above it, that only its owner can enter. One that exists is closed to others.
     *
     * @throws IOException if it cannot be made, or is not this account's to close
     */
    public static Path folder(Path folder) throws IOException {
        Files.createDirectories(folder, attributes(FOLDER));
        if (POSIX
                && !PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
                        .equals(FOLDER)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(FOLDER));
        }
        return folder;
    }

    /**
     * Returns the secret in a file; makes a random one if there is none yet.
     *
     * @throws UncheckedIOException if it can be neither read nor written
     */
    public static String ensureSecret(Path file) {
        return secret(file).orElseGet(() -> makeSecret(file));
    }

    /**
     * Returns the secret in a file, if there is one.
     *
     * @throws UncheckedIOException if it is there and cannot be read, as for anybody but its owner
     */
    public static Optional<String> secret(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.US_ASCII).strip())
                    .filter(text -> !text.isEmpty());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + "; only its owner may", e);
        }
    }

    private static String makeSecret(Path file) {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        String text = HexFormat.of().formatHex(random);
        try {
            write(file, text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
        return text;
    }

    /**
     * Writes a file that only its owner can read, whole or not at all.
     *
     * @throws IOException if it cannot be written; one that was there before is as it was
     */
    public static void write(Path file, String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder, attributes(FOLDER));
        // With its permissions from the start, so that there is no moment at which others can read it.
        Path written = Files.createTempFile(folder, file.getFileName().toString(), ".new", attributes(FILE));
        try {
            Files.writeString(written, text, StandardCharsets.US_ASCII);
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** Returns the attributes of something new with these permissions; none where there are no permissions. */
    public static FileAttribute<?>[] attributes(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
