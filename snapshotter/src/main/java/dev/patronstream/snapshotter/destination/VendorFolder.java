package dev.patronstream.snapshotter.destination;

import dev.patronstream.snapshotter.destination.VendorFiles.Choice;
import dev.patronstream.snapshotter.file.StoredFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A vendor's folder that is open, with file names relative to it. Not thread-safe.
 *
 * <p>What a kind of folder says and does are single steps, each with a message that says what was tried there; after a
 * refusal, the folder can be asked further. The rules are here, for a delivery and its trial: nothing is believed to be
 * there that the folder did not show or acknowledge.
 */
public abstract class VendorFolder implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(VendorFolder.class);

    /** What {@link #size} says of a file that is not shown. */
    protected static final long UNSEEN = -1;

    protected final Destination destination;
    protected final String settingsPath;
    private final VendorFiles files;

    /** Makes the folder; {@code settingsPath} is for messages. */
    protected VendorFolder(Destination destination, String settingsPath) {
        this.destination = destination;
        this.settingsPath = settingsPath;
        this.files = destination.files();
    }

    /** Requires that the folder is one that files can be brought into, as far as that is shown. */
    protected abstract void requireUsable() throws UploadFailedException;

    /** Returns what is missing for a file to take another's place in one step; empty if it can. */
    protected Optional<String> missingForReplacing() {
        return Optional.empty();
    }

    /** Returns the names in the folder that are not known to be folders. */
    protected abstract List<String> list() throws UploadFailedException;

    /** Returns the size of a file; empty when there is none, {@link #UNSEEN} when that cannot be known. */
    protected abstract OptionalLong size(String name) throws UploadFailedException;

    /** Reads a file and returns the hex SHA-256 of its bytes. */
    protected abstract String sha256(String name) throws UploadFailedException;

    /** Writes a local file under a name, with the permissions that are configured. */
    protected abstract void write(Path file, String name) throws UploadFailedException;

    /** Renames a file; {@code over} puts it in the place of a file of the other name, in one step. */
    protected abstract void rename(String name, String other, boolean over) throws UploadFailedException;

    protected abstract void remove(String name) throws UploadFailedException;

    /** Returns the fingerprint of the key by which a server proved to be the right one, where there is such a key. */
    protected Optional<String> hostKeyFingerprint() {
        return Optional.empty();
    }

    /** Releases what is open; what had to arrive was verified before, so that no failure of it matters. */
    @Override
    public void close() {}

    /** Requires what a delivery needs before it begins; whether a folder that is not shown is there, writing says. */
    void requireFolder() throws UploadFailedException {
        requireUsable();
        Optional<String> missing = missingForReplacing();
        if (missing.isPresent() && !files.has(Choice.ALLOW_NON_ATOMIC_RENAME)) {
            throw new UploadFailedException(destination.subject()
                    + " cannot put a new file in the place of the old one in one step (" + missing.get()
                    + "), so an import that starts in that moment would find no file. Have the vendor enable it, or set "
                    + Choice.ALLOW_NON_ATOMIC_RENAME.line(settingsPath));
        }
    }

    /** Returns the names in the folder that are not known to be folders; nothing where it may not be listed. */
    protected final Optional<List<String>> names() throws UploadFailedException {
        return unlessRefused(this::list);
    }

    static boolean isUnseen(OptionalLong size) {
        return size.equals(OptionalLong.of(UNSEEN));
    }

    /** Whether the file of the name has the same bytes; nothing in a folder that may be written and not read. */
    Optional<Boolean> holdsBytesOf(StoredFile file) throws UploadFailedException {
        return unlessRefused(() -> sha256(file.name()).equals(file.sha256()));
    }

    /** Something that is asked of the folder, and may be refused. */
    @FunctionalInterface
    protected interface Asked<T> {
        T get() throws UploadFailedException;
    }

    /** Returns what came of something whose refusal does no harm, or nothing. */
    protected static <T> Optional<T> unlessRefused(Asked<T> asked) throws UploadFailedException {
        try {
            return Optional.of(asked.get());
        } catch (UploadFailedException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            LOGGER.atInfo().addKeyValue("reason", e.getMessage()).log("What was refused can be done without");
            return Optional.empty();
        }
    }

    /** Brings a file there under a name on the way, and makes sure that it is what was sent. */
    void send(StoredFile file, String name) throws UploadFailedException {
        write(file.path(), name);
        verify(file, name);
    }

    private void verify(StoredFile file, String name) throws UploadFailedException {
        requireSize(
                file,
                name,
                true,
                "If a job there takes new files away, set " + settingsPath
                        + ".temporary-name to a name that it leaves alone");
        if (files.has(Choice.READ_BACK) && !sha256(name).equals(file.sha256())) {
            throw new UploadFailedException(
                    destination.subject() + " stored other bytes than those that were sent", true, null);
        }
    }

    void requireThere(StoredFile file, String name) throws UploadFailedException {
        requireSize(
                file,
                name,
                false,
                "If the vendor's job takes files at once, set " + Choice.ACKNOWLEDGED_IS_DELIVERED.line(settingsPath));
    }

    private void requireSize(StoredFile file, String name, boolean onTheWay, String whenGone)
            throws UploadFailedException {
        OptionalLong size = size(name);
        boolean hidden = isUnseen(size) || (size.isEmpty() && !onTheWay);
        if (size.equals(OptionalLong.of(file.bytes())) || (hidden && files.has(Choice.ACKNOWLEDGED_IS_DELIVERED))) {
            return;
        }
        String advice = size.isEmpty()
                ? whenGone
                : isUnseen(size)
                        ? "Ask the vendor for the right to look, or believe what the server acknowledges: set "
                                + Choice.ACKNOWLEDGED_IS_DELIVERED.line(settingsPath)
                        : "Ask the vendor what changes new files";
        throw new UploadFailedException(
                destination.subject() + " took " + name + ", and shows " + describe(size) + " of " + file.bytes()
                        + " bytes sent. " + advice,
                onTheWay,
                null);
    }

    private static String describe(OptionalLong size) {
        return size.isEmpty() ? "no file" : isUnseen(size) ? "nothing" : size.getAsLong() + " bytes";
    }

    /**
     * Puts a file in the place of another. Where that cannot be done in one step, the old one has the name {@code
     * aside} meanwhile; {@code gap} is run when neither is there.
     */
    void place(String name, String other, String aside, Runnable gap) throws UploadFailedException {
        if (missingForReplacing().isEmpty()) {
            try {
                rename(name, other, true);
                return;
            } catch (UploadFailedException e) {
                if (!e.isRefusal() || !files.has(Choice.ALLOW_NON_ATOMIC_RENAME)) {
                    throw e;
                }
            }
        }
        boolean moved = size(other).isPresent() && renameUnlessRefused(other, aside);
        if (moved) {
            gap.run();
        }
        try {
            rename(name, other, false);
        } catch (UploadFailedException e) {
            if (moved && e.isRefusal()) {
                renameUnlessRefused(aside, other);
            }
            throw e;
        }
        if (moved) {
            removeUnlessRefused(aside);
        }
    }

    boolean removeUnlessRefused(String name) throws UploadFailedException {
        return unlessRefused(() -> {
                    remove(name);
                    return true;
                })
                .isPresent();
    }

    private boolean renameUnlessRefused(String name, String other) throws UploadFailedException {
        return unlessRefused(() -> {
                    rename(name, other, false);
                    return true;
                })
                .isPresent();
    }
}
