package dev.patronstream.snapshotter.destination.sftp;

import dev.patronstream.schemas.Text;
import dev.patronstream.snapshotter.destination.UploadFailedException;
import dev.patronstream.snapshotter.destination.VendorFiles.Choice;
import dev.patronstream.snapshotter.destination.VendorFolder;
import java.io.IOException;
import java.nio.file.Path;
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

/** A session in a vendor's folder. Not thread-safe. */
final class SftpFolder extends VendorFolder {

    private static final EnumSet<StatusCode> FINAL =
            EnumSet.of(StatusCode.PERMISSION_DENIED, StatusCode.WRITE_PROTECT, StatusCode.OP_UNSUPPORTED);
    private static final EnumSet<StatusCode> MISSING = EnumSet.of(StatusCode.NO_SUCH_FILE, StatusCode.NO_SUCH_PATH);

    private final SSHClient client;
    private final SFTPClient sftp;
    private final String directory;
    private final String hostKeyFingerprint;
    private boolean broken;

    SftpFolder(SSHClient client, SftpDestination destination, String settingsPath, String hostKeyFingerprint)
            throws IOException {
        super(destination, settingsPath);
        this.client = client;
        this.directory = destination.directory().isEmpty() ? "." : destination.directory();
        this.hostKeyFingerprint = hostKeyFingerprint;
        this.sftp = client.newSFTPClient();
        sftp.getSFTPEngine()
                .setTimeoutMs(
                        Math.toIntExact(destination.connection().readTimeout().toMillis()));
    }

    @FunctionalInterface
    private interface Request<T> {
        T send() throws IOException;
    }

    @Override
    protected Optional<String> hostKeyFingerprint() {
        return Optional.of(hostKeyFingerprint);
    }

    @Override
    protected Optional<String> missingForReplacing() {
        return sftp.getSFTPEngine().supportsServerExtension("posix-rename", "openssh.com")
                ? Optional.empty()
                : Optional.of("posix-rename@openssh.com");
    }

    /** Returns what STAT shows: nothing where there is nothing, and nothing known where it is refused. */
    private Optional<FileAttributes> stat(String what, String path) throws UploadFailedException {
        try {
            return Optional.of(ask("looking " + what, "", () -> sftp.stat(path)));
        } catch (UploadFailedException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            boolean missing = e.getCause() instanceof SFTPException answer && MISSING.contains(answer.getStatusCode());
            return missing ? Optional.empty() : Optional.of(FileAttributes.EMPTY);
        }
    }

    @Override
    protected void requireUsable() throws UploadFailedException {
        FileMode.Type type = stat("for the folder", directory)
                .orElseThrow(() -> new UploadFailedException("The folder of " + destination.address()
                        + " does not exist, or the account cannot see it. Names are case-sensitive. Check "
                        + settingsPath + ".directory, or have the vendor make the folder"))
                .getType();
        if (type != FileMode.Type.DIRECTORY && type != FileMode.Type.UNKNOWN) {
            throw new UploadFailedException(
                    "The folder of " + destination.address() + " is a file. Check " + settingsPath + ".directory");
        }
    }

    @Override
    protected List<String> list() throws UploadFailedException {
        return ask("listing the folder", "Ask the vendor for the right to list it", () -> sftp.ls(directory)).stream()
                .filter(found -> !found.isDirectory())
                .map(RemoteResourceInfo::getName)
                .toList();
    }

    /**
     * Where the server does not say it, who reads the file to its end knows its size, and who lists the folder knows what is
     * not in it. Sizes in a list are not believed.
     */
    @Override
    protected OptionalLong size(String name) throws UploadFailedException {
        Optional<FileAttributes> shown = stat("at " + name, path(name));
        if (shown.isEmpty()) {
            return OptionalLong.empty();
        }
        if (shown.get().getType() == FileMode.Type.DIRECTORY) {
            throw UploadFailedException.folderInTheWay(name, destination);
        }
        if (shown.get().has(FileAttributes.Flag.SIZE)) {
            return OptionalLong.of(shown.get().getSize());
        }
        Optional<Transfer.Content> content = unlessRefused(() -> read(name));
        if (content.isPresent()) {
            return OptionalLong.of(content.get().bytes());
        }
        boolean mayBeThere = names().map(names -> names.stream().anyMatch(name::equalsIgnoreCase))
                .orElse(true);
        return mayBeThere ? OptionalLong.of(UNSEEN) : OptionalLong.empty();
    }

    @Override
    protected String sha256(String name) throws UploadFailedException {
        return read(name).sha256();
    }

    private Transfer.Content read(String name) throws UploadFailedException {
        return ask(
                "reading back " + name,
                "Ask the vendor for the right to read",
                () -> Transfer.read(sftp.open(path(name))));
    }

    @Override
    protected void write(Path file, String name) throws UploadFailedException {
        String doing = "writing " + name;
        RemoteFile remote = ask(
                doing,
                "If it does not take the name, set " + settingsPath + ".temporary-name to one that it takes; if the"
                        + " folder is not there, correct " + settingsPath + ".directory; else ask the vendor for the"
                        + " right to write",
                () -> sftp.open(path(name), EnumSet.of(OpenMode.WRITE, OpenMode.CREAT, OpenMode.TRUNC)));
        ask(doing, "Show the vendor this answer", () -> {
            Transfer.write(file, remote);
            return true;
        });
        Optional<Set<PosixFilePermission>> permissions = destination.files().permissions();
        if (permissions.isPresent()) {
            permit(name, permissions.get());
        }
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

    @Override
    protected void rename(String name, String other, boolean over) throws UploadFailedException {
        Set<RenameFlags> how = over ? EnumSet.of(RenameFlags.OVERWRITE, RenameFlags.ATOMIC) : Set.of();
        String advice = destination.files().has(Choice.ALLOW_NON_ATOMIC_RENAME)
                ? ""
                : "If it does not put a file over another, set " + Choice.ALLOW_NON_ATOMIC_RENAME.line(settingsPath)
                        + ". ";
        ask("renaming " + name + " to " + other, advice + "Ask the vendor for the right to rename", () -> {
            sftp.rename(path(name), path(other), how);
            return true;
        });
    }

    @Override
    protected void remove(String name) throws UploadFailedException {
        ask("removing " + name, "Ask the vendor for the right to delete", () -> {
            sftp.rm(path(name));
            return true;
        });
    }

    /** A server that hung up first does no harm. */
    @Override
    public void close() {
        Transfer.closeQuietly(sftp);
        Transfer.closeQuietly(client);
    }

    private String path(String name) {
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
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
        return UploadFailedException.refusal(
                destination.subject() + " refused " + doing + ": " + status
                        + (words.isEmpty() ? "" : ", \"" + words + "\"") + ". " + advice,
                !FINAL.contains(status),
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
