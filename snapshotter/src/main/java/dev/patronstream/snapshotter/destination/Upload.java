package dev.patronstream.snapshotter.destination;

import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.snapshotter.destination.VendorFiles.Choice;
import dev.patronstream.snapshotter.file.StoredFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the files of one delivery into a vendor's folder, so that anyone who looks there finds of each file the old one or
 * the new one, never a part.
 *
 * <p>The steps: connect, look (which of the files are there already?), announce, clear away our own left-overs, send what
 * is missing under temporary names, verify, and then rename one file after the other, in the order of the delivery, each
 * announced and confirmed. So the last file is there once everything that belongs to it is, and between the first rename
 * and the last lies no transfer. Left-overs that the server does not show, or does not let go of, stay where they are: no
 * import takes them, and they keep no delivery from being one. Can be run again after a failure; for one thread.
 */
public final class Upload {

    private static final Logger LOGGER = LoggerFactory.getLogger(Upload.class);

    private final Destination destination;
    private final VendorFiles files;
    private final String settingsPath;
    private final Order order;
    private final Announcement announcement;
    private final Map<String, DeliveryFileState> states = new HashMap<>();
    private final Set<String> placed = new HashSet<>();
    private final Deque<StoredFile> toPlace = new ArrayDeque<>();
    private boolean renaming;
    private boolean gap;
    private Optional<String> hostKeyFingerprint = Optional.empty();
    private int connections;

    /**
     * What is to be brought there.
     *
     * @param files the files, in the order in which they take their places; the last one completes the delivery
     * @param held by name: hash of the file that the vendor holds by the receipts
     */
    public record Order(
            String feed, String deliveryId, List<StoredFile> files, Map<String, String> held, boolean evenIfUnchanged) {

        public Order {
            files = List.copyOf(files);
            held = Map.copyOf(held);
        }

        /** Whether the receipts say that the vendor holds the file. */
        boolean isKnownToBeThere(StoredFile file) {
            return file.sha256().equals(held.get(file.name()));
        }
    }

    /** Told before the folder is changed, and again right before each new file takes its place. */
    @FunctionalInterface
    public interface Announcement {
        /** Makes sure that this delivery is the only one under way, and notes how far it has come, or throws. */
        void make(Upload progress) throws UploadFailedException;
    }

    /** What came of an upload that did not fail. */
    public enum Outcome {
        /** The vendor holds the new files. */
        DELIVERED,
        /** The vendor held the same files already, as the receipts say. */
        UNCHANGED,
        /** The vendor held the same files already, though no receipt says so: an attempt was interrupted after it. */
        ARRIVED_BEFORE,
        /** The vendor holds the new files, and one of them was missing for a moment. */
        DELIVERED_WITH_GAP
    }

    /** Prepares an upload; connects to nothing yet. */
    public Upload(Destination destination, String settingsPath, Order order, Announcement announcement) {
        this.destination = destination;
        this.files = destination.files();
        this.settingsPath = settingsPath;
        this.order = order;
        this.announcement = announcement;
    }

    /** Returns the fingerprint of the server's host key, once it was accepted. */
    public Optional<String> hostKeyFingerprint() {
        return hostKeyFingerprint;
    }

    public int connections() {
        return connections;
    }

    /** Returns what the vendor holds under the name of a file; empty as long as the folder was not looked at. */
    public Optional<DeliveryFileState> state(String name) {
        return Optional.ofNullable(states.get(name));
    }

    /**
     * Runs the upload, from its beginning or from where an earlier run has ended.
     *
     * @throws UploadFailedException if not all of it arrived; the message says what the vendor holds then
     */
    public Outcome run() throws UploadFailedException {
        try {
            return attempt();
        } catch (UploadFailedException e) {
            throw new UploadFailedException(e.getMessage() + ". " + whatTheVendorHolds(), e.isRetryable(), e);
        }
    }

    private Outcome attempt() throws UploadFailedException {
        renaming = false;
        try (VendorFolder folder = connect()) {
            return deliverInto(folder);
        } catch (UploadFailedException e) {
            if (renaming && e.isRetryable()) {
                return placeTheRest(e);
            }
            throw e;
        }
    }

    private VendorFolder connect() throws UploadFailedException {
        connections++;
        VendorFolder folder = destination.open(settingsPath);
        hostKeyFingerprint = folder.hostKeyFingerprint();
        return folder;
    }

    private Outcome deliverInto(VendorFolder folder) throws UploadFailedException {
        folder.requireFolder();
        List<StoredFile> missing = missing(folder);
        List<String> leftovers = leftovers(folder);
        boolean nothingToSend = missing.isEmpty() && placed.isEmpty();
        if (!nothingToSend || !leftovers.isEmpty()) {
            announcement.make(this);
            remove(leftovers, folder);
        }
        if (nothingToSend) {
            return foundThere();
        }
        for (StoredFile file : missing) {
            folder.send(file, temporary(file));
        }
        toPlace.clear();
        toPlace.addAll(missing);
        return place(folder);
    }

    private Outcome foundThere() {
        if (gap) {
            return Outcome.DELIVERED_WITH_GAP;
        }
        return order.files().stream().allMatch(order::isKnownToBeThere) ? Outcome.UNCHANGED : Outcome.ARRIVED_BEFORE;
    }

    private List<StoredFile> missing(VendorFolder folder) throws UploadFailedException {
        List<StoredFile> missing = new ArrayList<>();
        for (StoredFile file : order.files()) {
            boolean asked = order.evenIfUnchanged() && !placed.contains(file.name());
            boolean there = !asked && holds(folder, file);
            if (!there) {
                missing.add(file);
            }
            states.merge(file.name(), there ? DeliveryFileState.NEW : DeliveryFileState.OLD, Upload::known);
        }
        return missing;
    }

    /** Of a file that an earlier run may have put in its place only the file itself says that it did not. */
    private static DeliveryFileState known(DeliveryFileState before, DeliveryFileState now) {
        return before == DeliveryFileState.UNKNOWN && now == DeliveryFileState.OLD ? before : now;
    }

    /**
     * What the receipts say is compared with the file; where it cannot be read, they are believed if the size agrees, and
     * where the vendor's job takes files away, also if there is none.
     */
    private boolean holds(VendorFolder folder, StoredFile file) throws UploadFailedException {
        OptionalLong size = folder.size(file.name());
        if (size.isEmpty() || VendorFolder.isUnseen(size)) {
            return order.isKnownToBeThere(file) && files.has(Choice.ACKNOWLEDGED_IS_DELIVERED);
        }
        return size.getAsLong() == file.bytes()
                && folder.holdsBytesOf(file)
                        .orElseGet(() -> order.isKnownToBeThere(file) && !files.has(Choice.READ_BACK));
    }

    /**
     * Looks whether the vendor's folder has a file, to the byte; nothing if there is none of the name, or it cannot be
     * seen.
     */
    public static Optional<Boolean> isThere(
            Destination destination, String settingsPath, String name, String sha256, long bytes) {
        try (VendorFolder folder = destination.open(settingsPath)) {
            OptionalLong size = folder.size(name);
            if (size.isEmpty() || VendorFolder.isUnseen(size)) {
                return Optional.empty();
            }
            return Optional.of(size.getAsLong() == bytes && folder.sha256(name).equals(sha256));
        } catch (UploadFailedException e) {
            LOGGER.atInfo()
                    .addKeyValue("file", name)
                    .addKeyValue("reason", e.getMessage())
                    .log("Whether the vendor has the file of an attempt that broke off cannot be seen");
            return Optional.empty();
        }
    }

    private static boolean holdsExactly(VendorFolder folder, StoredFile file) throws UploadFailedException {
        return folder.size(file.name()).equals(OptionalLong.of(file.bytes()))
                && folder.holdsBytesOf(file).orElse(false);
    }

    private String temporary(StoredFile file) {
        return files.temporary(file.name(), order.deliveryId());
    }

    /** Returns names of this feed's files on the way and of nothing else; none where the folder may not be listed. */
    private List<String> leftovers(VendorFolder folder) throws UploadFailedException {
        List<String> names = order.files().stream().map(StoredFile::name).toList();
        Pattern ours = files.temporaries(names, order.feed());
        return folder.names().orElse(List.of()).stream()
                .filter(name -> ours.matcher(name).matches())
                .toList();
    }

    /** A refusal would be the same every night, and what is left there does no harm. */
    private void remove(List<String> leftovers, VendorFolder folder) throws UploadFailedException {
        for (String name : leftovers) {
            if (folder.removeUnlessRefused(name)) {
                LOGGER.atInfo()
                        .addKeyValue("feed", order.feed())
                        .addKeyValue("file", name)
                        .log("Removed the temporary file of an interrupted delivery");
            }
        }
    }

    /** Puts what was sent and verified in its places. */
    private Outcome place(VendorFolder folder) throws UploadFailedException {
        while (!toPlace.isEmpty()) {
            StoredFile file = toPlace.element();
            states.put(file.name(), DeliveryFileState.UNKNOWN);
            announcement.make(this);
            renaming = true;
            folder.place(temporary(file), file.name(), files.aside(file.name(), order.deliveryId()), () -> gap = true);
            renaming = false;
            folder.requireThere(file, file.name());
            isPlaced();
        }
        return gap ? Outcome.DELIVERED_WITH_GAP : Outcome.DELIVERED;
    }

    private void isPlaced() {
        String name = toPlace.remove().name();
        states.put(name, DeliveryFileState.NEW);
        placed.add(name);
    }

    /** An answer to the rename that never came: the server is asked once more what is there now. */
    private Outcome placeTheRest(UploadFailedException broken) throws UploadFailedException {
        try (VendorFolder folder = connect()) {
            if (!holdsExactly(folder, toPlace.element())) {
                throw broken;
            }
            isPlaced();
            return place(folder);
        } catch (UploadFailedException e) {
            if (e != broken) {
                LOGGER.atWarn()
                        .addKeyValue("feed", order.feed())
                        .addKeyValue("reason", e.getMessage())
                        .log("The connection broke off while renaming, and the rest could not be done in another");
            }
            throw broken;
        }
    }

    private String whatTheVendorHolds() {
        if (placed.isEmpty() && !states.containsValue(DeliveryFileState.UNKNOWN)) {
            return "The vendor holds what it held before";
        }
        String whole = files.has(Choice.ALLOW_NON_ATOMIC_RENAME)
                ? ", the new one or none, never a part"
                : " or the new one, whole";
        return "The vendor holds "
                + order.files().stream()
                        .map(file -> switch (states.getOrDefault(file.name(), DeliveryFileState.OLD)) {
                            case NEW -> "the new " + file.name();
                            case OLD -> "the old " + file.name();
                            case UNKNOWN -> "the old " + file.name() + whole;
                        })
                        .collect(Collectors.joining("; "))
                + "; the next delivery sees to it";
    }
}
