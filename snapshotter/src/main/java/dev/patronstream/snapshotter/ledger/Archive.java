package dev.patronstream.snapshotter.ledger;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.file.DeliveryId;
import dev.patronstream.snapshotter.file.FileFolder;
import dev.patronstream.snapshotter.file.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files of the last deliveries of each feed, one folder per delivery, readable by the owner only. Thread-safe for
 * different feeds.
 */
public final class Archive {

    /** Name of the problem report beside the files of a delivery. */
    public static final String PROBLEMS = "problems.csv";

    /** Names of what lies beside the files of a delivery. */
    public static final Set<String> BESIDE = Set.of(PROBLEMS, ArchivedRows.FILE);

    private final Path folder;
    private final int generations;
    private final long maxBytes;

    /** Makes an archive of each feed's last deliveries; the newest is kept however large it is. */
    public Archive(Path folder, int generations, long maxBytes) {
        this.folder = folder;
        this.generations = generations;
        this.maxBytes = maxBytes;
    }

    /** Returns where the files of a delivery are, if they are still kept. */
    public Path folderOf(String feed, String deliveryId) {
        return folder.resolve(feed).resolve(deliveryId);
    }

    public Path folder() {
        return folder;
    }

    public FileFolder open(String feed, String deliveryId) throws IOException {
        return new FileFolder(folderOf(feed, deliveryId));
    }

    /** Returns a file of a delivery, hashed again. */
    public StoredFile stored(String feed, String deliveryId, String name) throws IOException {
        return StoredFile.of(folderOf(feed, deliveryId).resolve(name));
    }

    /** Whether all files of a delivery are there, so that it can be sent. */
    public boolean has(String feed, Delivery delivery) {
        Path kept = folderOf(feed, delivery.getId());
        return delivery.getFiles().stream().allMatch(file -> Files.exists(kept.resolve(file.getName())));
    }

    public void copy(String feed, String from, String to) throws IOException {
        FileFolder target = open(feed, to);
        List<Path> files;
        try (Stream<Path> children = Files.list(folderOf(feed, from))) {
            files = children.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            target.write(file.getFileName().toString(), out -> Files.copy(file, out));
        }
    }

    public void remove(String feed, String deliveryId) throws IOException {
        delete(folderOf(feed, deliveryId));
    }

    /**
     * Deletes deliveries of a feed: first the copies that nobody will ask for, then the oldest, by number and by size.
     * The newest stays in any case, and so does whatever else lies in the folder.
     *
     * @return what waits, what the vendor may have, and whatever else has a copy still
     */
    public Set<String> prune(String feed, Set<String> atVendor, List<Delivery> receipts) throws IOException {
        // What waits for a person, and what the vendor may hold, stays however old it is.
        Set<String> needed = new HashSet<>(atVendor);
        Receipts.waiting(receipts).forEach(receipt -> needed.add(receipt.getId()));
        List<Path> deliveries = deliveries(feed);
        Set<String> spare = spare(feed, receipts);
        long bytes = 0;
        int number = 0;
        for (Path delivery : deliveries) {
            String id = delivery.getFileName().toString();
            boolean stays = delivery.equals(deliveries.get(0)) || needed.contains(id);
            if (stays || !spare.contains(id)) {
                number++;
                bytes += size(delivery);
                stays |= number <= generations && bytes <= maxBytes;
            }
            if (stays) {
                needed.add(id);
            } else {
                delete(delivery);
            }
        }
        return needed;
    }

    /** Returns the folders of a feed's deliveries, the newest first. */
    private List<Path> deliveries(String feed) throws IOException {
        Path ofFeed = folder.resolve(feed);
        if (!Files.isDirectory(ofFeed)) {
            return List.of();
        }
        Pattern ours = Pattern.compile(DeliveryId.pattern(feed));
        try (Stream<Path> children = Files.list(ofFeed)) {
            return children.filter(child ->
                            ours.matcher(child.getFileName().toString()).matches())
                    .sorted(Comparator.comparingLong((Path child) ->
                                    DeliveryId.sequence(child.getFileName().toString()))
                            .thenComparing(child -> child.getFileName().toString())
                            .reversed())
                    .toList();
        }
    }

    /** Returns the deliveries with a higher sequence that have this file, and have rows; the newest first. */
    public List<String> after(String feed, long sequence, String file) throws IOException {
        return deliveries(feed).stream()
                .filter(child -> Files.exists(child.resolve(file)) && Files.exists(child.resolve(ArchivedRows.FILE)))
                .map(child -> child.getFileName().toString())
                .filter(id -> DeliveryId.sequence(id) > sequence)
                .toList();
    }

    /** Returns the highest place in the order of deliveries that a copy has; -1 without any that can be seen. */
    long lastSequence(String feed) {
        try {
            return deliveries(feed).stream()
                    .mapToLong(child -> DeliveryId.sequence(child.getFileName().toString()))
                    .max()
                    .orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }

    /**
     * Returns whose files nobody will ask for: of attempts that found their files at the vendor, which are kept with the
     * delivery that brought them, and of attempts that failed and may not be sent without another decision.
     */
    private Set<String> spare(String feed, List<Delivery> receipts) {
        return receipts.stream()
                .filter(receipt -> Files.isDirectory(folderOf(feed, receipt.getId())))
                .filter(receipt -> switch (receipt.getResult()) {
                    case UNCHANGED ->
                        original(feed, receipt, receipts)
                                .filter(original -> !original.equals(receipt))
                                .isPresent();
                    case FAILED, SENDING -> receipt.getDecision().isEmpty();
                    case DELIVERED, HELD, REJECTED, WRITTEN, SUPERSEDED -> false;
                })
                .map(Delivery::getId)
                .collect(Collectors.toSet());
    }

    /**
     * Returns the delivery that has the files of another: the one that brought them to the vendor, as long as its copy is
     * kept, or else the other itself; empty when no copy is left.
     */
    public Optional<Delivery> original(String feed, Delivery delivery, List<Delivery> receipts) {
        return Stream.concat(
                        receipts.stream()
                                .filter(receipt -> receipt.getResult() == DeliveryResult.DELIVERED)
                                .filter(receipt -> Receipts.haveTheSameFiles(receipt, delivery)),
                        Stream.of(delivery))
                .filter(receipt -> has(feed, receipt))
                .findFirst();
    }

    private static long size(Path delivery) throws IOException {
        long bytes = 0;
        for (Path file : upwards(delivery)) {
            bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
        }
        return bytes;
    }

    private static void delete(Path delivery) throws IOException {
        for (Path file : upwards(delivery)) {
            Files.delete(file);
        }
    }

    /** Returns a folder and all in it, each after what is in it. */
    private static List<Path> upwards(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
