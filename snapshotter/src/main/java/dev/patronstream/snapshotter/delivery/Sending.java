package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.destination.Destination;
import dev.patronstream.snapshotter.destination.Upload;
import dev.patronstream.snapshotter.destination.UploadFailedException;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.file.StoredFile;
import dev.patronstream.snapshotter.ledger.Archive;
import dev.patronstream.snapshotter.ledger.ArchivedRows;
import dev.patronstream.snapshotter.ledger.DeliveredTable;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import dev.patronstream.snapshotter.ledger.Receipts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings archived files to the vendor and records what the vendor holds then. One at a time. */
final class Sending {

    private static final Logger LOGGER = LoggerFactory.getLogger(Sending.class);

    private final FeedSettings feed;
    private final Archive archive;
    private final Clock clock;

    Sending(FeedSettings feed, Archive archive, Clock clock) {
        this.feed = feed;
        this.archive = archive;
        this.clock = clock;
    }

    /**
     * What is sent.
     *
     * @param memory what is known of the feed's deliveries; where any of it is in doubt, the file is sent in any case
     * @param held what the vendor holds
     * @param rows what it will hold
     */
    record UploadRequest(
            Receipt receipt,
            FeedMemory memory,
            DeliveredTable held,
            ArchivedRows.Source rows,
            boolean evenIfUnchanged,
            Retries retries) {}

    ArchivedRows.Source archivedRows(String deliveryId) {
        Path file = archive.folderOf(feed.feed(), deliveryId).resolve(ArchivedRows.FILE);
        return sink -> ArchivedRows.read(file, sink);
    }

    /**
     * Sends and records.
     *
     * @return the receipt that was written
     * @throws IOException if the archive cannot be read; nothing was sent then
     * @throws UploadFailedException if the vendor did not get it
     * @throws SnapshotFailedException if files may have taken their places and no receipt says so
     */
    Delivery send(UploadRequest request, DeliveryLedger ledger) throws IOException, UploadFailedException {
        Receipt receipt = request.receipt();
        Destination destination = feed.destination().orElseThrow();
        receipt.destination(destination);
        List<StoredFile> files = new ArrayList<>();
        for (String name : receipt.fileNames()) {
            files.add(archive.stored(feed.feed(), receipt.id(), name));
        }
        FeedMemory memory = request.memory();
        boolean again = request.evenIfUnchanged() || !memory.doubts().isEmpty();
        Upload.Order order = new Upload.Order(feed.feed(), receipt.id(), files, memory.files(), again);
        Upload.Outcome outcome;
        try {
            outcome = upload(order, request, destination, ledger);
        } catch (KafkaException e) {
            throw receipt.mayHavePlaced() ? SnapshotFailedException.undecided(feed.feed(), e) : e;
        }
        Delivery delivered = receipt.with(
                outcome == Upload.Outcome.UNCHANGED ? DeliveryResult.UNCHANGED : DeliveryResult.DELIVERED,
                remark(outcome));
        try {
            ledger.writeDelivered(
                    delivered,
                    superseded(memory.receipts(), delivered),
                    request.rows(),
                    request.held(),
                    clock.instant());
        } catch (KafkaException | DeliveryLedger.FencedException | UncheckedIOException e) {
            throw SnapshotFailedException.undecided(feed.feed(), e);
        }
        return delivered;
    }

    private Upload.Outcome upload(
            Upload.Order order, UploadRequest request, Destination destination, DeliveryLedger ledger)
            throws UploadFailedException {
        Receipt receipt = request.receipt();
        Upload upload = new Upload(destination, feed.destinationPath(), order, progress -> {
            receipt.progress(progress);
            // A process that dies from here on leaves this receipt; one that was taken over stops here.
            ledger.announce(
                    receipt.with(DeliveryResult.SENDING, Optional.of("The delivery is under way")),
                    request.rows(),
                    request.held(),
                    clock.instant());
        });
        while (true) {
            try {
                return upload.run();
            } catch (UploadFailedException e) {
                if (Interruption.causedByShutdown(e) || !e.isRetryable() || !tryAgain(e, request.retries())) {
                    throw e.withRemark(request.retries().words());
                }
            } finally {
                receipt.progress(upload);
            }
        }
    }

    private boolean tryAgain(UploadFailedException failure, Retries retries) {
        LOGGER.atInfo()
                .addKeyValue("feed", feed.feed())
                .addKeyValue("reason", failure.getMessage())
                .log("An upload did not succeed; it is tried again within the window of the feed");
        try {
            return retries.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns the receipts that end with a newer one, as they stand then: those of other files that wait. */
    static List<Delivery> superseded(List<Delivery> receipts, Delivery by) {
        return Receipts.waiting(receipts).stream()
                .filter(waiting -> !waiting.getId().equals(by.getId()))
                .map(receipt -> Delivery.newBuilder(receipt)
                        .setResult(DeliveryResult.SUPERSEDED)
                        .setMessage("Was held, and a newer file took its place: " + by.getId())
                        .build())
                .toList();
    }

    private static Optional<String> remark(Upload.Outcome outcome) {
        return switch (outcome) {
            case DELIVERED, UNCHANGED -> Optional.empty();
            case ARRIVED_BEFORE ->
                Optional.of("The vendor's file was this one already: an earlier attempt was interrupted after it had"
                        + " arrived. It was not sent again");
            case DELIVERED_WITH_GAP ->
                Optional.of("The server cannot rename over a file, so there was no file for a moment, as"
                        + " allow-non-atomic-rename permits");
        };
    }
}
