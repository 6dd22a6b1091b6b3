package dev.patronstream.snapshotter.destination;

import dev.patronstream.schemas.Text;
import dev.patronstream.snapshotter.destination.SftpDestination.Choice;
import dev.patronstream.snapshotter.file.StoredFile;
import java.io.IOException;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
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

    /** What {@link #size} says of a file that the server does not show. */
    static final long UNSEEN = -1;

    private final SSHClient client;
    private final SFTPClient sftp;
    private final SftpDestination destination;
    private final String settingsPath;
    private final String hostKeyFingerprint;
    private boolean broken;

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

    /** Whether a file can take another's place in one step. */
    private boolean renamesAtomically() {
        return sftp.getSFTPEngine().supportsServerExtension("posix-rename", "openssh.com");
    }

    /** Returns what STAT shows: nothing where there is nothing, and nothing known where it is refused. */
    private Optional<FileAttributes> stat(String what, String path) throws UploadFailedException {
        try {
            return Optional.of(ask("looking " + what, "", () -> sftp.stat(path)));
        } catch (UploadFailedException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            return e.isMissing() ? Optional.empty() : Optional.of(FileAttributes.EMPTY);
        }
    }

    /** Requires what a delivery needs before it begins; whether a folder that is not shown is there, writing says. */
    void requireFolder() throws UploadFailedException {
        FileMode.Type type = stat("for the folder", directory())
                .orElseThrow(() -> new UploadFailedException("The folder of " + destination.address()
                        + " does not exist, or the account cannot see it. Names are case-sensitive. Check "
                        + settingsPath + ".directory, or have the vendor make the folder"))
                .getType();
        if (type != FileMode.Type.DIRECTORY && type != FileMode.Type.UNKNOWN) {
            throw new UploadFailedException(
                    "The folder of " + destination.address() + " is a file. Check " + settingsPath + ".directory");
        }
        if (!renamesAtomically() && !destination.has(Choice.ALLOW_NON_ATOMIC_RENAME)) {
            throw new UploadFailedException("The server of " + destination.address()
                    + " cannot put a new file in the place of the old one in one step (posix-rename@openssh.com), so"
                    + " an import that starts in that moment would find no file. Have the vendor enable it, or set "
                    + allow(Choice.ALLOW_NON_ATOMIC_RENAME));
        }
    }

    private String allow(Choice choice) {
        return settingsPath + "." + choice.key() + ": true";
    }

    /** Returns the names in the folder that are not known to be folders. */
    List<String> names() throws UploadFailedException {
        return ask("listing the folder", "Ask the vendor for the right to list it", () -> sftp.ls(directory())).stream()
                .filter(found -> !found.isDirectory())
                .map(RemoteResourceInfo::getName)
                .toList();
    }

    /**
     * Returns the size of a file; empty when there is none, {@link #UNSEEN} when that cannot be known.
     *
     * <p>Where the server does not say it, who reads the file to its end knows its size, and who lists the folder knows
     * what is not in it. Sizes in a list are not believed.
     */
    OptionalLong size(String name) throws UploadFailedException {
        Optional<FileAttributes> shown = stat("at " + name, path(name));
        if (shown.isEmpty()) {
            return OptionalLong.empty();
        }
        if (shown.get().getType() == FileMode.Type.DIRECTORY) {
            throw new UploadFailedException(name + " is a folder at " + destination.address()
                    + ". Move it away, or choose another name for the file");
        }
        if (shown.get().has(FileAttributes.Flag.SIZE)) {
            return OptionalLong.of(shown.get().getSize());
        }
        Optional<Transfer.Content> content = unlessRefused(() -> read(name));
        if (content.isPresent()) {
            return OptionalLong.of(content.get().bytes());
        }
        boolean mayBeThere = unlessRefused(this::names)
                .map(names -> names.stream().anyMatch(name::equalsIgnoreCase))
                .orElse(true);
        return mayBeThere ? OptionalLong.of(UNSEEN) : OptionalLong.empty();
    }

    /** Something that is asked of the server, and may be refused. */
    @FunctionalInterface
    interface Asked<T> {
        T get() throws UploadFailedException;
    }

    /** Returns what came of something whose refusal does no harm, or nothing. */
    static <T> Optional<T> unlessRefused(Asked<T> asked) throws UploadFailedException {
        try {
            return Optional.of(asked.get());
        } catch (UploadFailedException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            LOGGER.atInfo().addKeyValue("reason", e.getMessage()).log("The server refused what can be done without");
            return Optional.empty();
        }
    }

    /** Reads a file and returns the hex SHA-256 of its bytes. */
    String sha256(String name) throws UploadFailedException {
        return read(name).sha256();
    }

    private Transfer.Content read(String name) throws UploadFailedException {
        return ask(
                "reading back " + name,
                "Ask the vendor for the right to read",
                () -> Transfer.read(sftp.open(path(name))));
    }

    /** Brings a file there under a name on the way, and makes sure that it is what was sent. */
    void send(StoredFile file, String name) throws UploadFailedException {
        String doing = "writing " + name;
        RemoteFile remote = ask(
                doing,
                "If it does not take the name, set " + settingsPath + ".temporary-name to one that it takes; if the"
                        + " folder is not there, correct " + settingsPath + ".directory; else ask the vendor for the"
                        + " right to write",
                () -> sftp.open(path(name), EnumSet.of(OpenMode.WRITE, OpenMode.CREAT, OpenMode.TRUNC)));
        ask(doing, "Show the vendor this answer", () -> {
            Transfer.write(file.path(), remote);
            return true;
        });
        if (destination.permissions().isPresent()) {
            permit(name, destination.permissions().get());
        }
        verify(file, name);
    }

    private void permit(String name, Set<PosixFilePermission> who) throws UploadFailedException {
        int mode = PosixFilePermissions.toString(who)
                .chars()
                .reduce(0, (bits, letter) -> 2 * bits + (letter == '-' ? 0 : 1));
        String advice = "Leave out " + settingsPath + ".permissions, or ask the vendor for the right to set them";
        ask("setting the permissions of " + name, advice, () -> {
            sftp.chmod(path(name), mode);
            return true;
        });
    }

    private void verify(StoredFile file, String name) throws UploadFailedException {
        requireSize(
                file,
                name,
                true,
                "If a job there takes new files away, set " + settingsPath
                        + ".temporary-name to a name that it leaves alone");
        if (destination.has(Choice.READ_BACK) && !sha256(name).equals(file.sha256())) {
            throw new UploadFailedException(
                    "What the server of " + destination.address() + " stored is not what was sent", true, null);
        }
    }

    /** Requires that a file that was put in its place is there. */
    void requireThere(StoredFile file, String name) throws UploadFailedException {
        requireSize(
                file,
                name,
                false,
                "If the vendor's job takes files at once, set " + allow(Choice.ACKNOWLEDGED_IS_DELIVERED));
    }

    private void requireSize(StoredFile file, String name, boolean onTheWay, String whenGone)
            throws UploadFailedException {
        OptionalLong size = size(name);
        boolean hidden = isUnseen(size) || (size.isEmpty() && !onTheWay);
        if (size.equals(OptionalLong.of(file.bytes()))
                || (hidden && destination.has(Choice.ACKNOWLEDGED_IS_DELIVERED))) {
            return;
        }
        String advice = size.isEmpty()
                ? whenGone
                : isUnseen(size)
                        ? "Ask the vendor for the right to look, or believe what the server acknowledges: set "
                                + allow(Choice.ACKNOWLEDGED_IS_DELIVERED)
                        : "Ask the vendor what changes new files";
        throw new UploadFailedException(
                "The server of " + destination.address() + " took " + name + ", and shows " + describe(size) + " of "
                        + file.bytes() + " bytes sent. " + advice,
                onTheWay,
                null);
    }

    static boolean isUnseen(OptionalLong size) {
        return size.equals(OptionalLong.of(UNSEEN));
    }

    private static String describe(OptionalLong size) {
        return size.isEmpty() ? "no file" : isUnseen(size) ? "nothing" : size.getAsLong() + " bytes";
    }

    /**
     * Puts a file in the place of another.
     *
     * @param aside name for the old file meanwhile, where that cannot be done in one step
     * @param gap told when neither is there
     */
    void place(String name, String other, String aside, Runnable gap) throws UploadFailedException {
        if (renamesAtomically()) {
            try {
                rename(name, other, EnumSet.of(RenameFlags.OVERWRITE, RenameFlags.ATOMIC));
                return;
            } catch (UploadFailedException e) {
                if (!e.isRefusal() || !destination.has(Choice.ALLOW_NON_ATOMIC_RENAME)) {
                    throw e;
                }
            }
        }
        boolean moved = size(other).isPresent()
                && unlessRefused(() -> rename(other, aside, Set.of())).isPresent();
        if (moved) {
            gap.run();
        }
        try {
            rename(name, other, Set.of());
        } catch (UploadFailedException e) {
            if (moved && e.isRefusal()) {
                unlessRefused(() -> rename(aside, other, Set.of()));
            }
            throw e;
        }
        if (moved) {
            unlessRefused(() -> remove(aside));
        }
    }

    private boolean rename(String name, String other, Set<RenameFlags> how) throws UploadFailedException {
        String advice = destination.has(Choice.ALLOW_NON_ATOMIC_RENAME)
                ? ""
                : "If it does not put a file over another, set " + allow(Choice.ALLOW_NON_ATOMIC_RENAME) + ". ";
        return ask("renaming " + name + " to " + other, advice + "Ask the vendor for the right to rename", () -> {
            sftp.rename(path(name), path(other), how);
            return true;
        });
    }

    boolean remove(String name) throws UploadFailedException {
        return ask("removing " + name, "Ask the vendor for the right to delete", () -> {
            sftp.rm(path(name));
            return true;
        });
    }

    /** What had to arrive was verified before; a server that hung up first does no harm. */
    @Override
    public void close() {
        Transfer.closeQuietly(sftp);
        Transfer.closeQuietly(client);
    }

    private String directory() {
        return destination.directory().isEmpty() ? "." : destination.directory();
    }

    private String path(String name) {
        return directory().endsWith("/") ? directory() + name : directory() + "/" + name;
    }

    private <T> T ask(String doing, String advice, Request<T> request) throws UploadFailedException {
        try {
            if (broken) {
                throw new IOException("closed");
            }
            return request.send();
        } catch (SFTPException e) {
            throw failure(doing, advice, e);
        } catch (IOException e) {
            throw lost(doing, e);
        } catch (RuntimeException e) {
            throw lost(doing, new IOException(e));
        }
    }

    /** Says what was asked and what was answered, and blames nothing. */
    private UploadFailedException failure(String doing, String advice, SFTPException e) {
        StatusCode status = e.getStatusCode();
        if (status == StatusCode.UNKNOWN || !client.isConnected()) {
            return lost(doing, e);
        }
        String words =
                e.getMessage() == null ? "" : Text.printable(e.getMessage()).strip();
        return new UploadFailedException(
                "The server of " + destination.address() + " refused " + doing + ": " + status
                        + (words.isEmpty() ? "" : ", \"" + words + "\"") + ". " + advice,
                status,
                e);
    }

    private UploadFailedException lost(String doing, IOException e) {
        broken = true;
        return new UploadFailedException(
                "The connection to " + destination.address() + " broke off while " + doing + " ("
                        + SftpConnector.reason(e) + ")",
                true,
                e);
    }
}
