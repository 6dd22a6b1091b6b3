package dev.patronstream.snapshotter.file;

import dev.patronstream.schemas.secret.OwnerOnly;
import dev.patronstream.schemas.secret.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A local folder that only its owner can read, with files that are there as a whole or not at all: written under another
 * name, brought to the disk, renamed. Thread-safe as long as two threads do not write one name.
 */
public final class FileFolder {

    private final Path folder;

    /** Makes the folder, with the ones above it, if it is missing. */
    public FileFolder(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder, OwnerOnly.attributes("rwx------"));
    }

    /** Writes the content of a file; the stream stays the caller's. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    public Path path() {
        return folder;
    }

    /** Writes a file, in the place of one of the same name, which stays as it was if that fails. */
    public StoredFile write(String name, Content content) throws IOException {
        Path unfinished = folder.resolve("." + name + ".part");
        Files.deleteIfExists(unfinished);
        DigestingFile written;
        try {
            written = writeUnfinished(unfinished, content);
            Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            try {
                Files.deleteIfExists(unfinished);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        force(folder);
        return new StoredFile(folder.resolve(name), written.bytes, written.sha256);
    }

    /** Writes the contents of several files side by side, in the order of the names; the streams stay the caller's. */
    @FunctionalInterface
    public interface Contents {
        void writeTo(List<OutputStream> outs) throws IOException;
    }

    /**
     * Writes several files side by side, each in the place of one of the same name; returns them in the order of the
     * names. If that fails, those that were there before are as they were, or new.
     */
    public List<StoredFile> write(List<String> names, Contents contents) throws IOException {
        List<StoredFile> written = new ArrayList<>();
        write(names, List.of(), contents, written);
        Collections.reverse(written);
        return written;
    }

    /** Each file is open while those behind it are written, and so is whole after them. */
    private void write(List<String> names, List<OutputStream> open, Contents contents, List<StoredFile> written)
            throws IOException {
        if (open.size() == names.size()) {
            contents.writeTo(open);
            return;
        }
        written.add(write(names.get(open.size()), out -> {
            List<OutputStream> all = new ArrayList<>(open);
            all.add(out);
            write(names, all, contents, written);
        }));
    }

    private record DigestingFile(long bytes, String sha256) {}

    private static DigestingFile writeUnfinished(Path file, Content content) throws IOException {
        try (FileChannel channel = create(file)) {
            DigestOutputStream digesting =
                    new DigestOutputStream(Channels.newOutputStream(channel), Sha256.newDigest());
            OutputStream buffered = new BufferedOutputStream(digesting, 1 << 16);
            content.writeTo(buffered);
            buffered.flush();
            channel.force(true);
            return new DigestingFile(
                    channel.size(),
                    HexFormat.of().formatHex(digesting.getMessageDigest().digest()));
        }
    }

    /** Opens a new file that only its owner can read. */
    public static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                OwnerOnly.attributes("rw-------"));
    }

    /** Brings a rename in a folder to the disk, so that it survives a power cut; only some systems let a folder be forced. */
    public static void force(Path folder) throws IOException {
        if (OwnerOnly.POSIX) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Whether a text names a file in a folder, neither a path nor one of the hidden files that we use on the way. */
    public static boolean isPlain(String name) {
        return !name.isBlank() && !name.contains("/") && !name.contains("\\") && !name.startsWith(".");
    }
}
