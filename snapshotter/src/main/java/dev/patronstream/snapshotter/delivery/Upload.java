package dev.patronstream.snapshotter.delivery;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one delivery into a vendor's folder, so that whoever looks there finds the old file or the new one, never a part.
 *
 * <p>The steps: connect, look (is the same file there already?), announce, clear away our own left-overs, send under a
 * temporary name, verify, rename, confirm. The properties file goes first and the CSV last: once the CSV is there,
 * everything that belongs to it is. For one use by one thread.
 */
public final class Upload {

    private static final Logger LOGGER = LoggerFactory.getLogger(Upload.class);

    private final SftpDestination destination;
    private final SftpConnector connector;
    private final Order order;
    private final Announcement announcement;
    private Step step = Step.CONNECT;
    private Optional<String> hostKeyFingerprint = Optional.empty();
    private int connections;

    /** Where an upload stands; what the vendor holds follows from it. */
    private enum Step {
        CONNECT,
        LOOK,
        CLEAR,
        SEND,
        VERIFY,
        RENAME,
        CONFIRM
    }

    /**
     * What is to be brought there.
     *
     * @param feed name of the feed, part of the names of temporary files
     * @param deliveryId identity of the delivery, likewise
     * @param csv the file that counts
     * @param properties the file that explains it; empty for none
     * @param lastDeliveredSha256 what the last receipt says the vendor holds; empty when there is none
     * @param evenIfUnchanged whether to send a file that the vendor holds already
     */
    public record Order(
            String feed,
            String deliveryId,
            StoredFile csv,
            Optional<StoredFile> properties,
            Optional<String> lastDeliveredSha256,
            boolean evenIfUnchanged) {}

    /** Told before the folder is changed, and again right before the new file takes its place. */
    @FunctionalInterface
    public interface Announcement {
        /** Makes sure that this delivery is the only one under way, or throws. */
        void make() throws UploadFailedException;
    }

    /** What came of an upload that did not fail. */
    public enum Outcome {
        /** The vendor holds the new file. */
        DELIVERED,
        /** The vendor held the same file already, as the last receipt says. */
        UNCHANGED,
        /** The vendor held the same file already, though no receipt says so: an attempt was interrupted after it. */
        ARRIVED_BEFORE,
        /** The vendor holds the new file, and held none for a moment. */
        DELIVERED_WITH_GAP
    }

    /**
     * Prepares an upload; connects to nothing yet.
     *
     * @param settingsPath where the destination stands in the configuration, for messages
     */
    public Upload(SftpDestination destination, String settingsPath, Order order, Announcement announcement) {
        this.destination = destination;
        this.connector = new SftpConnector(destination, settingsPath);
        this.order = order;
        this.announcement = announcement;
    }

    /** Returns the fingerprint of the server's host key, once it was accepted. */
    public Optional<String> hostKeyFingerprint() {
        return hostKeyFingerprint;
    }

    /** Returns how many connections were made. */
    public int connections() {
        return connections;
    }

    /**
     * Runs the upload.
     *
     * @throws UploadFailedException if it did not arrive; the message says what the vendor holds then
     */
    public Outcome run() throws UploadFailedException {
        try (SftpFolder folder = connect()) {
            return deliverInto(folder);
        } catch (UploadFailedException e) {
            if (step == Step.RENAME && e.isRetryable() && arrivedAllTheSame()) {
                return Outcome.DELIVERED;
            }
            throw new UploadFailedException(e.getMessage() + ". " + whatTheVendorHolds(), e.isRetryable(), e);
        }
    }

    private SftpFolder connect() throws UploadFailedException {
        connections++;
        SftpFolder folder = connector.connect();
        hostKeyFingerprint = Optional.of(folder.hostKeyFingerprint());
        return folder;
    }

    private Outcome deliverInto(SftpFolder folder) throws UploadFailedException {
        step = Step.LOOK;
        folder.requireFolder();
        if (!folder.renamesAtomically() && !destination.allowNonAtomicRename()) {
            throw new UploadFailedException("The server of " + destination.address()
                    + " cannot put a new file in the place of the old one in one step (posix-rename@openssh.com), so"
                    + " an import that starts in that moment would find no file. Have the vendor enable it, or set"
                    + " allow-non-atomic-rename: true for this destination");
        }
        boolean held = !order.evenIfUnchanged() && holds(folder, order.csv());
        boolean propertiesHeld = order.properties().isEmpty()
                || holdsExactly(
                        folder, destination.propertiesFile(), order.properties().get());
        if (held && propertiesHeld) {
            return knownToBeThere() ? Outcome.UNCHANGED : Outcome.ARRIVED_BEFORE;
        }
        announcement.make();
        step = Step.CLEAR;
        removeLeftovers(folder);
        if (!propertiesHeld) {
            put(folder, order.properties().orElseThrow(), destination.propertiesFile());
        }
        if (held) {
            return knownToBeThere() ? Outcome.UNCHANGED : Outcome.ARRIVED_BEFORE;
        }
        return put(folder, order.csv(), destination.file()) ? Outcome.DELIVERED : Outcome.DELIVERED_WITH_GAP;
    }

    private boolean knownToBeThere() {
        return order.lastDeliveredSha256().equals(Optional.of(order.csv().sha256()));
    }

    /** A receipt is believed as long as the size agrees; without one, or where asked for, the bytes are compared. */
    private boolean holds(SftpFolder folder, StoredFile file) throws UploadFailedException {
        OptionalLong size = folder.size(destination.file());
        if (size.isEmpty() || size.getAsLong() != file.bytes()) {
            return false;
        }
        if (knownToBeThere() && !destination.readBack()) {
            return true;
        }
        return holdsExactly(folder, destination.file(), file);
    }

    private static boolean holdsExactly(SftpFolder folder, String name, StoredFile file) throws UploadFailedException {
        OptionalLong size = folder.size(name);
        if (size.isEmpty() || size.getAsLong() != file.bytes()) {
            return false;
        }
        try {
            return folder.sha256(name).equals(file.sha256());
        } catch (UploadFailedException e) {
            if (e.isRetryable()) {
                throw e;
            }
            // A folder that may be written and not read: whether the file is the same cannot be known, so it is sent.
            LOGGER.atInfo().addKeyValue("file", name).log("The vendor's file cannot be read back for comparison");
            return false;
        }
    }

    /** Names of this feed's temporary files and of nothing else, whatever else begins with a dot. */
    private void removeLeftovers(SftpFolder folder) throws UploadFailedException {
        Pattern ours = Pattern.compile("\\.(" + Pattern.quote(destination.file()) + "|"
                + Pattern.quote(destination.propertiesFile()) + ")\\." + DeliveryId.pattern(order.feed()) + "\\.part");
        for (String name : folder.names()) {
            if (ours.matcher(name).matches()) {
                folder.remove(name);
                LOGGER.atInfo()
                        .addKeyValue("feed", order.feed())
                        .addKeyValue("file", name)
                        .log("Removed the temporary file of an interrupted delivery");
            }
        }
    }

    /** Returns whether the file was there at every moment. */
    private boolean put(SftpFolder folder, StoredFile file, String name) throws UploadFailedException {
        String temporary = "." + name + "." + order.deliveryId() + ".part";
        step = Step.SEND;
        folder.upload(file.path(), temporary);
        step = Step.VERIFY;
        verify(folder, temporary, file);
        announcement.make();
        step = Step.RENAME;
        boolean gapless = true;
        if (folder.renamesAtomically()) {
            folder.replace(temporary, name);
        } else {
            gapless = renameInSteps(folder, temporary, name);
        }
        step = Step.CONFIRM;
        OptionalLong size = folder.size(name);
        if (!size.equals(OptionalLong.of(file.bytes()))) {
            throw new UploadFailedException("The server of " + destination.address() + " took the file " + name
                    + ", but then showed " + describe(size) + " instead of " + file.bytes()
                    + " bytes. Somebody else may be changing the folder");
        }
        return gapless;
    }

    private void verify(SftpFolder folder, String temporary, StoredFile file) throws UploadFailedException {
        OptionalLong size = folder.size(temporary);
        if (!size.equals(OptionalLong.of(file.bytes()))) {
            throw new UploadFailedException(
                    "The server of " + destination.address() + " stored " + describe(size) + " of " + file.bytes()
                            + " bytes sent. Its disk may be full",
                    true,
                    null);
        }
        if (destination.readBack() && !folder.sha256(temporary).equals(file.sha256())) {
            throw new UploadFailedException(
                    "What the server of " + destination.address() + " stored is not what was sent", true, null);
        }
    }

    private static boolean renameInSteps(SftpFolder folder, String temporary, String name)
            throws UploadFailedException {
        if (folder.size(name).isEmpty()) {
            folder.rename(temporary, name);
            return true;
        }
        folder.remove(name);
        folder.rename(temporary, name);
        return false;
    }

    private static String describe(OptionalLong size) {
        return size.isPresent() ? size.getAsLong() + " bytes" : "no file";
    }

    /** An answer to the rename that never came: the server is asked once more what is there now. */
    private boolean arrivedAllTheSame() {
        try (SftpFolder folder = connect()) {
            return holdsExactly(folder, destination.file(), order.csv());
        } catch (UploadFailedException e) {
            LOGGER.atWarn()
                    .addKeyValue("feed", order.feed())
                    .addKeyValue("reason", e.getMessage())
                    .log("The connection broke off while renaming, and the folder could not be looked at again");
            return false;
        }
    }

    private String whatTheVendorHolds() {
        if (step != Step.RENAME && step != Step.CONFIRM) {
            return "The vendor holds what it held before";
        }
        return destination.allowNonAtomicRename()
                ? "The vendor holds the old file, the new one or none, never a part; the next delivery sees to it"
                : "The vendor holds the old file or the new one, whole; the next delivery finds out";
    }
}
