package dev.patronstream.embedded.kafka;

import dev.patronstream.schemas.secret.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Holds a folder for one broker. Kafka locks its log folder too, but only after a controller of the same process has
 * already written to the metadata log in it. The operating system lets go of the lock when the process dies.
 */
final class FolderLock implements AutoCloseable {

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws IllegalStateException if another broker, here or in another process, has it
     */
    static FolderLock take(Path directory) {
        try {
            OwnerOnly.folder(directory);
            FileChannel channel = FileChannel.open(
                    directory.resolve("kafka.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                throw new IllegalStateException("Another Kafka broker is using the folder " + directory
                        + "; stop it, or choose another folder");
            }
            return new FolderLock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("The folder for Kafka, " + directory + ", cannot be locked", e);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The lock of Kafka's folder cannot be given back", e);
        }
    }
}
