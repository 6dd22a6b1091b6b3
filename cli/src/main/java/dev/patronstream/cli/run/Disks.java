package dev.patronstream.cli.run;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folders that an installation writes to, and which of their disks is full: only this looks at free space. Thread-safe. */
public final class Disks {

    /** Without it nothing is begun: the native libraries that are unpacked take two thirds of it. */
    private static final long TO_START = 24_000_000;

    /** With less a broker in this process ends in order, as long as it can. */
    private static final long TO_GO_ON = 4_000_000;

    /** With less whatever failed has failed for it. */
    private static final long FULL = 1_000_000;

    private static final String BEGINNING = "The disk that holds ";
    private static final String NOT_ENOUGH = "There is not enough ";

    private static final List<String> ABOUT_ROOM =
            List.of("No space left on device", "Disk quota exceeded", "not enough space", "unsafe memory access");

    /** A disk with more has not been full for somebody here: the words about room are another machine's. */
    private static final long NEARLY_FULL = 100_000_000;

    /** A folder of a network that does not answer holds up anyone who asks for it. */
    private static final long PATIENCE_SECONDS = 2;

    private static final Executor LOOKERS = look -> {
        Thread looker = new Thread(look, "disk-look");
        looker.setDaemon(true);
        looker.start();
    };

    private final List<Folder> folders;
    private volatile List<Disk> known = List.of();
    private @Nullable CompletableFuture<List<Disk>> looking;

    private Disks(List<Folder> folders) {
        this.folders = Stream.concat(
                        folders.stream(),
                        Stream.of(new Folder("temporary files", Path.of(System.getProperty("java.io.tmpdir")), false)))
                .toList();
    }

    private record Folder(String use, Path path, boolean ofBroker) {}

    /**
     * The disk of a folder.
     *
     * @param folder the first of its folders
     * @param use what lies in them
     * @param free bytes that can be written to it still
     * @param ofBroker whether a broker in this process writes to it
     */
    public record Disk(Path folder, String use, long free, boolean ofBroker) {

        private Disk and(Disk other) {
            return new Disk(folder, use + ", " + other.use, Math.min(free, other.free), ofBroker || other.ofBroker);
        }

        String words() {
            return BEGINNING + folder + (free < TO_GO_ON ? " is full (" : " has been full (") + size(free) + " free; "
                    + use + ")";
        }

        public boolean isFull() {
            return free < FULL;
        }

        public boolean hasRoom() {
            return free >= TO_START;
        }

        public String room() {
            return folder + " (" + use + "), " + size(free) + " free";
        }

        public String waiting() {
            return "room in " + folder + " (" + use + "): " + size(free) + " free, " + size(TO_START) + " needed";
        }

        private static String size(long bytes) {
            return bytes < 1_000_000
                    ? bytes / 1000 + " KB"
                    : bytes < 10_000_000_000L ? bytes / 1_000_000 + " MB" : bytes / 1_000_000_000 + " GB";
        }
    }

    public static Disks of(Configuration configuration) {
        List<Folder> folders = new ArrayList<>();
        folders.add(new Folder("data", configuration.installation().directory(), false));
        if (configuration.kafka().isEmbedded()) {
            folders.add(new Folder("Kafka's log", configuration.kafka().directory(), true));
        }
        folders.add(new Folder("state", configuration.streams().state(), false));
        folders.add(
                new Folder("copies of deliveries", configuration.deliveries().archive(), false));
        folders.add(new Folder("log", configuration.installation().logs(), false));
        return new Disks(folders);
    }

    /** Returns those of a demo or a sandbox. */
    public static Disks of(Path folder) {
        return new Disks(List.of(new Folder("data", folder, true)));
    }

    /**
     * Returns each disk once, under the first of its folders; what was known last, where one does not answer within two
     * seconds. A file system that is read-only or does not know its size is left out.
     */
    public List<Disk> all() {
        CompletableFuture<List<Disk>> look;
        synchronized (this) {
            if (looking == null || looking.isDone()) {
                looking = CompletableFuture.supplyAsync(this::look, LOOKERS);
            }
            look = looking;
        }
        try {
            known = look.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // What was known last is the best there is.
        }
        return known;
    }

    private List<Disk> look() {
        Map<FileStore, Disk> disks = new LinkedHashMap<>();
        for (Folder folder : folders) {
            try {
                FileStore store = Files.getFileStore(existing(folder.path()));
                if (store.isReadOnly() || store.getTotalSpace() == 0) {
                    continue;
                }
                disks.merge(
                        store,
                        new Disk(folder.path(), folder.use(), store.getUsableSpace(), folder.ofBroker()),
                        Disk::and);
            } catch (IOException e) {
                // Anyone who writes there says so.
            }
        }
        return List.copyOf(disks.values());
    }

    /** A folder that is made later lies on the disk of the one above it. */
    private static Path existing(Path folder) {
        return Stream.iterate(folder.toAbsolutePath(), Objects::nonNull, Path::getParent)
                .filter(Files::exists)
                .findFirst()
                .orElse(folder);
    }

    /**
     * Makes sure that there is room to start.
     *
     * @throws CommandFailedException if there is not
     */
    public void requireRoom() {
        lacking().ifPresent(disk -> {
            throw new CommandFailedException(NOT_ENOUGH + disk.waiting() + ". Make room and start again");
        });
    }

    /** Returns the disk that has no room for a start, if there is one. */
    public Optional<Disk> lacking() {
        return all().stream().filter(disk -> !disk.hasRoom()).findFirst();
    }

    List<Disk> full() {
        return all().stream().filter(Disk::isFull).toList();
    }

    /** Returns why a broker in this process cannot go on, if so. */
    Optional<String> endOfBroker() {
        return all().stream()
                .filter(disk -> disk.ofBroker() && disk.free() < TO_GO_ON)
                .findFirst()
                .map(disk -> words(disk, "the broker in this process ends before it has to break off"));
    }

    /**
     * Returns the sentence about a failure: that a disk is full, where one is, whatever part was the first to fail of
     * it; else the message as it is. To be asked before anything is closed, which may make room.
     */
    public String why(String message) {
        if (message.startsWith(BEGINNING) || message.startsWith(NOT_ENOUGH)) {
            return message;
        }
        return full().stream()
                .findFirst()
                .or(() -> ABOUT_ROOM.stream().anyMatch(message::contains)
                        ? all().stream()
                                .min(Comparator.comparingLong(Disk::free))
                                .filter(disk -> disk.free() < NEARLY_FULL)
                        : Optional.empty())
                .map(disk -> words(disk, message))
                .orElse(message);
    }

    /** As {@link #why(String)}, of a message for people about a failure; another exit code than 1 says why already. */
    public String why(String message, Throwable failure) {
        return saysWhy(failure) ? message : why(answered(message, failure));
    }

    private static boolean saysWhy(Throwable failure) {
        return failure instanceof CommandFailedException known && known.exitCode() != Ending.FAILED;
    }

    /** As {@link #why(String)}, for what ends a command. */
    public CommandFailedException why(CommandFailedException failure) {
        String message = String.valueOf(failure.getMessage());
        String why = why(message, failure);
        return why.equals(message) ? failure : new CommandFailedException(why, failure);
    }

    private static String words(Disk disk, String message) {
        return disk.words() + ", and patronstream cannot go on: " + message
                + ". Make room on it. The next start waits for room, and goes on from what was committed";
    }

    /** Returns a message for people that says as well what the system answered, where that was about room. */
    public static String answered(String message, Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(20)
                .map(cause -> String.valueOf(cause.getMessage()).strip())
                .filter(said -> !saysWhy(failure))
                .filter(said -> ABOUT_ROOM.stream().anyMatch(said::contains) && !message.contains(said))
                .findFirst()
                .map(said -> message + " (" + said + ")")
                .orElse(message);
    }
}
