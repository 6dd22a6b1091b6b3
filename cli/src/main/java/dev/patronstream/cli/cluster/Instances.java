package dev.patronstream.cli.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.schemas.secret.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Which processes run on this installation's folder: each holds a lock there for as long as it lives, and writes where
 * it can be reached, so that other commands find it.
 */
public final class Instances {

    private static final String LOCK = ".lock";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    public Instances(Path directory) {
        this.folder = directory.resolve("run");
    }

    /**
     * Takes a name for this process.
     *
     * @throws CommandFailedException if another process has it
     */
    public Claim claim(String name) {
        try {
            OwnerOnly.folder(folder.toAbsolutePath().getParent());
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve(name + LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel)) {
                return new Claim(name, channel);
            }
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " cannot be used", e);
        }
        throw new CommandFailedException("There is a process already that runs '" + name + "' on " + folder.getParent()
                + ". Stop it first, or give this one a folder of its own (key directory)");
    }

    /** Returns a name of this folder that no other one has; made once, it stays. */
    public String seat() {
        Path file = folder.resolve("seat");
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(folder);
                Path whole = Files.writeString(
                        folder.resolve("seat.part"), UUID.randomUUID().toString());
                Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " cannot be used", e);
        }
    }

    public List<Instance> running() {
        List<Instance> running = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return running;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                String name = file.getFileName().toString().replaceFirst("\\.json$", "");
                if (isHeld(folder.resolve(name + LOCK))) {
                    running.add(JSON.readValue(file.toFile(), Instance.class));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " cannot be read", e);
        }
        return running;
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static boolean isHeld(Path lock) throws IOException {
        if (!Files.exists(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock taken = channel.tryLock()) {
            return taken == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    /** A name that this process has, until it is closed or the process ends. */
    public final class Claim implements AutoCloseable {

        private final String name;
        private final FileChannel channel;

        private Claim(String name, FileChannel channel) {
            this.name = name;
            this.channel = channel;
        }

        /** Writes where this process can be reached. */
        public void announce(Cluster.Addresses addresses, String statusUrl) {
            Instance self = new Instance(
                    name,
                    ProcessHandle.current().pid(),
                    addresses.bootstrapServers(),
                    addresses.registryUrl(),
                    statusUrl);
            Path unfinished = folder.resolve("." + name + ".part");
            try {
                JSON.writeValue(unfinished.toFile(), self);
                Files.move(
                        unfinished,
                        folder.resolve(name + ".json"),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException("The folder " + folder + " cannot be written", e);
            }
        }

        @Override
        public void close() {
            try (channel) {
                Files.deleteIfExists(folder.resolve(name + ".json"));
            } catch (IOException e) {
                throw new UncheckedIOException("The folder " + folder + " cannot be written", e);
            }
        }
    }
}
