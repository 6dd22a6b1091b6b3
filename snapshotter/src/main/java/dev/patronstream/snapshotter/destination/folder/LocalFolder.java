package dev.patronstream.snapshotter.destination.folder;

import dev.patronstream.schemas.secret.OwnerOnly;
import dev.patronstream.snapshotter.destination.UploadFailedException;
import dev.patronstream.snapshotter.destination.VendorFolder;
import dev.patronstream.snapshotter.file.FileFolder;
import dev.patronstream.snapshotter.file.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Works in a folder of the file system. What this account may not do is refused; everything else may pass: a full disk,
 * a share that is gone. Not thread-safe.
 */
final class LocalFolder extends VendorFolder {

    private final Path folder;

    LocalFolder(FolderDestination destination, String settingsPath) {
        super(destination, settingsPath);
        this.folder = destination.path();
    }

    @FunctionalInterface
    private interface Request<T> {
        T send() throws IOException, UploadFailedException;
    }

    @Override
    protected void requireUsable() throws UploadFailedException {
        if (!ask("looking for it", "enter it", () -> Files.readAttributes(folder, BasicFileAttributes.class)
                .isDirectory())) {
            throw new UploadFailedException(destination.subject() + " is a file. Check " + settingsPath + ".path");
        }
        if (ask("looking above it", "enter it", this::isMountPoint)) {
            throw new UploadFailedException(destination.subject()
                    + " is where a share or a disk is mounted: while it is"
                    + " not, files would stay on this machine. Set " + settingsPath + ".path to a folder below it");
        }
    }

    private boolean isMountPoint() throws IOException {
        Path above = folder.toRealPath().getParent();
        return OwnerOnly.POSIX
                && above != null
                && !Files.getAttribute(folder, "unix:dev").equals(Files.getAttribute(above, "unix:dev"));
    }

    @Override
    protected List<String> list() throws UploadFailedException {
        return ask("listing it", "list it", () -> {
            try (Stream<Path> found = Files.list(folder)) {
                return found.filter(file -> !Files.isDirectory(file))
                        .map(file -> file.getFileName().toString())
                        .toList();
            }
        });
    }

    @Override
    protected OptionalLong size(String name) throws UploadFailedException {
        return ask("looking at " + name, "enter it", () -> {
            try {
                BasicFileAttributes shown = Files.readAttributes(folder.resolve(name), BasicFileAttributes.class);
                if (shown.isDirectory()) {
                    throw UploadFailedException.folderInTheWay(name, destination);
                }
                return OptionalLong.of(shown.size());
            } catch (NoSuchFileException e) {
                return OptionalLong.empty();
            }
        });
    }

    @Override
    protected String sha256(String name) throws UploadFailedException {
        return ask("reading back " + name, "read", () -> StoredFile.of(folder.resolve(name)))
                .sha256();
    }

    @Override
    protected void write(Path file, String name) throws UploadFailedException {
        Path there = folder.resolve(name);
        ask("writing " + name, "write there", () -> {
            // Not over what is there, since that may be a link to another place.
            Files.deleteIfExists(there);
            try (FileChannel channel = FileFolder.create(there)) {
                Files.copy(file, Channels.newOutputStream(channel));
                var permissions = destination.files().permissions();
                if (permissions.isPresent()) {
                    ask(
                            "setting the permissions of " + name,
                            "set them",
                            () -> Files.setPosixFilePermissions(there, permissions.get()));
                }
                channel.force(true);
            }
            return true;
        });
    }

    @Override
    protected void rename(String name, String other, boolean over) throws UploadFailedException {
        ask(
                "renaming " + name + " to " + other,
                "rename",
                () -> Files.move(folder.resolve(name), folder.resolve(other), StandardCopyOption.ATOMIC_MOVE));
        try {
            FileFolder.force(folder);
        } catch (IOException e) {
            // Not every share knows that. The file is shown; should it go with the power, the next delivery sees that.
        }
    }

    @Override
    protected void remove(String name) throws UploadFailedException {
        ask("removing " + name, "delete", () -> Files.deleteIfExists(folder.resolve(name)));
    }

    private <T> T ask(String doing, String right, Request<T> request) throws UploadFailedException {
        try {
            return request.send();
        } catch (IOException | UncheckedIOException | UnsupportedOperationException e) {
            if (isRefusal(e)) {
                String message = destination.subject() + " refused " + doing + ": " + reason(e)
                        + ". Give this account the right to " + right;
                throw UploadFailedException.refusal(message, false, e);
            }
            String what = Files.notExists(folder)
                    ? " does not exist. Mount its share, make the folder, or correct " + settingsPath + ".path"
                    : " could not be used while " + doing + ": " + reason(e);
            throw new UploadFailedException(destination.subject() + what, true, e);
        }
    }

    /** EACCES or EPERM; of the second Java has only the system's words. */
    private static boolean isRefusal(Exception e) {
        return e instanceof AccessDeniedException || reason(e).equals("Operation not permitted");
    }

    /** The system's words, and no guess. */
    private static String reason(Exception e) {
        Exception cause = e instanceof UncheckedIOException unchecked ? unchecked.getCause() : e;
        String words = cause instanceof FileSystemException named ? named.getReason() : cause.getMessage();
        return words == null ? e.getClass().getSimpleName() : words;
    }
}
