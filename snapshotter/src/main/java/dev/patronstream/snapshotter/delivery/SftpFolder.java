package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.FileMode;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.RemoteFile;
import net.schmizz.sshj.sftp.RemoteResourceInfo;
import net.schmizz.sshj.sftp.RenameFlags;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPClient;
import net.schmizz.sshj.sftp.SFTPException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session in a vendor's folder, with file names relative to it. Every failure says what was tried there. Not
 * thread-safe.
 */
final class SftpFolder implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SftpFolder.class);

    /** Every server takes packets of 32 KiB; this leaves room for what stands around the bytes. */
    private static final int CHUNK = 32_000;

    private static final int UNCONFIRMED = 16;

    private final SSHClient client;
    private final SFTPClient sftp;
    private final SftpDestination destination;
    private final String settingsPath;
    private final String hostKeyFingerprint;

    SftpFolder(SSHClient client, SftpDestination destination, String settingsPath, String hostKeyFingerprint)
            throws IOException {
        this.client = client;
        this.destination = destination;
        this.settingsPath = settingsPath;
        this.hostKeyFingerprint = hostKeyFingerprint;
        this.sftp = client.newSFTPClient();
        sftp.getSFTPEngine()
                .setTimeoutMs(Math.toIntExact(destination.readTimeout().toMillis()));
    }

    /** Something that is asked of the server. */
    @FunctionalInterface
    private interface Request<T> {
        T send() throws IOException;
    }

    String hostKeyFingerprint() {
        return hostKeyFingerprint;
    }

    /** Whether the server can be asked further. */
    boolean isConnected() {
        return client.isConnected();
    }

    /** Whether a file can take another's place in one step. */
    boolean renamesAtomically() {
        return sftp.getSFTPEngine().supportsServerExtension("posix-rename", "openssh.com");
    }

    void requireFolder() throws UploadFailedException {
        FileAttributes folder = ask("looking for the folder", () -> sftp.statExistence(directory()));
        if (folder == null) {
            throw new UploadFailedException("The folder of " + destination.address()
                    + " does not exist, or the account cannot see it. Names are case-sensitive. Check " + settingsPath
                    + ".directory, or have the vendor make the folder");
        }
        if (folder.getType() != FileMode.Type.DIRECTORY && folder.getType() != FileMode.Type.UNKNOWN) {
            throw new UploadFailedException(
                    "The folder of " + destination.address() + " is a file. Check " + settingsPath + ".directory");
        }
    }

    /** Returns the names in the folder. */
    List<String> names() throws UploadFailedException {
        return ask("listing the folder", () -> sftp.ls(directory())).stream()
                .filter(RemoteResourceInfo::isRegularFile)
                .map(RemoteResourceInfo::getName)
                .toList();
    }

    /** Returns the size of a file; empty when there is none. */
    OptionalLong size(String name) throws UploadFailedException {
        FileAttributes attributes = ask("looking at " + name, () -> sftp.statExistence(path(name)));
        if (attributes == null) {
            return OptionalLong.empty();
        }
        if (attributes.getType() == FileMode.Type.DIRECTORY) {
            throw new UploadFailedException(name + " is a folder at " + destination.address()
                    + ". Move it away, or choose another name for the file");
        }
        return OptionalLong.of(attributes.getSize());
    }

    /** Reads a file and returns the hex SHA-256 of its bytes. */
    String sha256(String name) throws UploadFailedException {
        return ask("reading back " + name, () -> {
            MessageDigest digest = Sha256.newDigest();
            byte[] chunk = new byte[CHUNK];
            withFile(sftp.open(path(name)), file -> {
                InputStream in = file.new ReadAheadRemoteFileInputStream(UNCONFIRMED);
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    digest.update(chunk, 0, read);
                }
            });
            return HexFormat.of().formatHex(digest.digest());
        });
    }

    /** Writes a file from its beginning. */
    void upload(Path local, String name) throws UploadFailedException {
        ask("writing " + name, () -> {
            byte[] chunk = new byte[CHUNK];
            RemoteFile remote = sftp.open(path(name), EnumSet.of(OpenMode.WRITE, OpenMode.CREAT, OpenMode.TRUNC));
            withFile(remote, file -> {
                OutputStream out = file.new RemoteFileOutputStream(0, UNCONFIRMED);
                try (InputStream in = Files.newInputStream(local)) {
                    for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                        // The buffer is free again at once: its bytes are copied when they are sent.
                        out.write(chunk, 0, read);
                    }
                }
                out.flush();
            });
            return true;
        });
    }

    /** Sets who may read and write a file. */
    void permit(String name, Set<PosixFilePermission> who) throws UploadFailedException {
        int mode = PosixFilePermissions.toString(who)
                .chars()
                .reduce(0, (bits, letter) -> 2 * bits + (letter == '-' ? 0 : 1));
        ask("setting the permissions of " + name + " (" + settingsPath + ".permissions)", () -> {
            sftp.chmod(path(name), mode);
            return true;
        });
    }

    @FunctionalInterface
    private interface FileUse {
        void of(RemoteFile file) throws IOException;
    }

    /**
     * Not a try-with-resources: the library throws one and the same exception from every call after a connection broke,
     * and an exception cannot be suppressed in itself. Its buffers may be torn then, so that closing fails unchecked.
     */
    private static void withFile(RemoteFile file, FileUse use) throws IOException {
        try {
            use.of(file);
        } catch (IOException e) {
            closeQuietly(file);
            throw e;
        }
        file.close();
    }

    private static void closeQuietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException | RuntimeException e) {
            LOGGER.atDebug().setCause(e).log("Something remote did not close in order");
        }
    }

    /** Puts a file in the place of another in one step. */
    void replace(String name, String other) throws UploadFailedException {
        ask("renaming " + name + " to " + other, () -> {
            sftp.rename(path(name), path(other), EnumSet.of(RenameFlags.OVERWRITE, RenameFlags.ATOMIC));
            return true;
        });
    }

    /** Renames a file; most servers refuse when the other name is taken. */
    void rename(String name, String other) throws UploadFailedException {
        ask("renaming " + name + " to " + other, () -> {
            sftp.rename(path(name), path(other));
            return true;
        });
    }

    void remove(String name) throws UploadFailedException {
        ask("removing " + name, () -> {
            sftp.rm(path(name));
            return true;
        });
    }

    /** What had to arrive was verified before; a server that hung up first does no harm. */
    @Override
    public void close() {
        closeQuietly(sftp);
        closeQuietly(client);
    }

    private String directory() {
        return destination.directory().isEmpty() ? "." : destination.directory();
    }

    private String path(String name) {
        return directory().endsWith("/") ? directory() + name : directory() + "/" + name;
    }

    private <T> T ask(String doing, Request<T> request) throws UploadFailedException {
        try {
            return request.send();
        } catch (SFTPException e) {
            throw failure(doing, e);
        } catch (IOException e) {
            throw lost(doing, e);
        } catch (RuntimeException e) {
            throw lost(doing, new IOException(e));
        }
    }

    private UploadFailedException failure(String doing, SFTPException e) {
        StatusCode status = e.getStatusCode();
        if (status == StatusCode.UNKNOWN || !client.isConnected()) {
            return lost(doing, e);
        }
        String before = "The server of " + destination.address() + " refused " + doing + ": ";
        if (status == StatusCode.PERMISSION_DENIED || status == StatusCode.WRITE_PROTECT) {
            return new UploadFailedException(
                    before + "no permission. Ask the vendor for the right to write, rename and delete in the folder",
                    false,
                    e);
        }
        if (status == StatusCode.NO_SUCH_FILE || status == StatusCode.NO_SUCH_PATH) {
            return new UploadFailedException(
                    before + "no such file. Somebody else may be changing the folder, or " + settingsPath
                            + ".directory is not right",
                    true,
                    e);
        }
        if (status == StatusCode.NO_SPACE_ON_FILESYSTEM || status == StatusCode.QUOTA_EXCEEDED) {
            return new UploadFailedException(before + "its disk is full. Tell the vendor", true, e);
        }
        return new UploadFailedException(
                before + SftpConnector.reason(e) + ". The server gives no better reason; a full disk and missing rights"
                        + " are the usual ones",
                true,
                e);
    }

    private UploadFailedException lost(String doing, IOException e) {
        return new UploadFailedException(
                "The connection to " + destination.address() + " broke off while " + doing + " ("
                        + SftpConnector.reason(e) + ")",
                true,
                e);
    }
}
