package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryFile;
import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.lifecycle.ThisProcess;
import dev.patronstream.snapshotter.cut.CutFailedException;
import dev.patronstream.snapshotter.destination.Destination;
import dev.patronstream.snapshotter.destination.Upload;
import dev.patronstream.snapshotter.destination.UploadFailedException;
import dev.patronstream.snapshotter.file.DeliveryId;
import dev.patronstream.snapshotter.file.StoredFile;
import dev.patronstream.snapshotter.ledger.ArchivedRows;
import dev.patronstream.snapshotter.ledger.DeliveredTable;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import dev.patronstream.snapshotter.ledger.Receipts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt under way: its receipt, which fills as it goes on, how its files are brought to the vendor, and how it ends.
 * For one thread.
 */
final class Attempt {

    private static final Logger LOGGER = LoggerFactory.getLogger(Attempt.class);

    private final DeliveryContext context;
    private final Optional<DeliveryLedger> ledger;
    private final Delivery.Builder receipt;
    private final int connectionsBefore;
    private final long startedNanos = System.nanoTime();

    private Attempt(
            DeliveryContext context, Optional<DeliveryLedger> ledger, Delivery.Builder receipt, int connectionsBefore) {
        this.context = context;
        this.ledger = ledger;
        this.receipt = receipt;
        this.connectionsBefore = connectionsBefore;
    }

    /** Begins to deliver the feed as it is; without a ledger, to look at only. */
    static Attempt toDeliver(DeliveryContext context, Optional<DeliveryLedger> ledger) {
        List<String> names = context.feed().rowFiles();
        Delivery.Builder receipt = Delivery.newBuilder()
                .setFeed(context.name())
                .setFileName(names.get(names.size() - 1))
                .setBytes(0)
                .setRows(0)
                .setProblems(0);
        return begun(context, ledger, receipt);
    }

    /** Begins to send the file of a delivery once more, under a receipt of its own. */
    static Attempt toSendAgain(DeliveryContext context, DeliveryLedger ledger, Delivery earlier) {
        Delivery.Builder receipt = Delivery.newBuilder(earlier)
                .setFiles(earlier.getFiles().stream()
                        .map(file -> in(DeliveryFileState.OLD, file))
                        .toList())
                .setResendOf(earlier.getId())
                .setHolds(List.of())
                .setDifference(null)
                .setDecision(null)
                .setRecordsRead(null)
                .setHostKeyFingerprint(null);
        return begun(context, Optional.of(ledger), receipt);
    }

    private static Attempt begun(DeliveryContext context, Optional<DeliveryLedger> ledger, Delivery.Builder receipt) {
        Instant now = context.clock().instant();
        long sequence = ledger.map(open -> open.nextSequence(context.archive())).orElse(0L);
        receipt.setId(DeliveryId.of(context.name(), now, sequence))
                .setSequence(sequence)
                .setStartedAt(now)
                .setAttempts(0);
        return new Attempt(context, ledger, receipt, 0);
    }

    /** Goes on with the file of a delivery that waited, under its receipt. */
    static Attempt toGoOn(DeliveryContext context, DeliveryLedger ledger, Delivery waiting) {
        return new Attempt(context, Optional.of(ledger), Delivery.newBuilder(waiting), waiting.getAttempts());
    }

    String id() {
        return receipt.getId();
    }

    Instant startedAt() {
        return receipt.getStartedAt();
    }

    /** Returns the receipt, to be filled. */
    Delivery.Builder receipt() {
        return receipt;
    }

    /** Returns the receipt as it stands, with what became of the attempt. */
    Delivery with(DeliveryResult result, Optional<String> message) {
        return Delivery.newBuilder(receipt)
                .setResult(result)
                .setMessage(message.orElse(null))
                .setMadeBy(ThisProcess.name())
                .setDurationMillis(
                        Duration.ofNanos(System.nanoTime() - startedNanos).toMillis())
                .build();
    }

    /**
     * Brings the archived files to the vendor and records what the vendor holds then.
     *
     * @param memory what is known of the feed's deliveries; where any of it is in doubt, the file is sent in any case
     * @param held what the vendor holds
     * @param rows what it will hold
     * @return the receipt that was written
     * @throws IOException if the archive cannot be read; nothing was sent then
     * @throws UploadFailedException if the vendor did not get it
     * @throws SnapshotFailedException if files may have taken their places and no receipt says so
     */
    Delivery send(
            FeedMemory memory, DeliveredTable held, ArchivedRows.Source rows, boolean evenIfUnchanged, Retries retries)
            throws IOException, UploadFailedException {
        Destination destination = context.feed().destination().orElseThrow();
        receipt.setDestination(destination.address());
        List<StoredFile> files = new ArrayList<>();
        for (DeliveryFile file : receipt.getFiles()) {
            files.add(context.archive().stored(context.name(), id(), file.getName()));
        }
        boolean again = evenIfUnchanged || !memory.doubts().isEmpty();
        Upload.Order order = new Upload.Order(context.name(), id(), files, memory.files(), again);
        DeliveryLedger book = ledger.orElseThrow();
        Upload upload = new Upload(destination, context.feed().destinationPath(), order, progress -> {
            note(progress);
            // A process that dies from here on leaves this receipt; one that was taken over stops here.
            Delivery underWay = with(DeliveryResult.SENDING, Optional.of("The delivery is under way"));
            book.announce(underWay, rows, held, context.clock().instant());
        });
        Upload.Outcome outcome;
        try {
            outcome = run(upload, retries);
        } catch (KafkaException e) {
            boolean mayHavePlaced =
                    receipt.getFiles().stream().anyMatch(file -> file.getState() != DeliveryFileState.OLD);
            throw mayHavePlaced ? SnapshotFailedException.undecided(context.name(), e) : e;
        }
        boolean unchanged = outcome == Upload.Outcome.UNCHANGED;
        Delivery delivered = with(unchanged ? DeliveryResult.UNCHANGED : DeliveryResult.DELIVERED, remark(outcome));
        List<Delivery> superseded = Receipts.superseded(memory.receipts(), delivered);
        try {
            book.writeDelivered(
                    delivered, superseded, rows, held, context.clock().instant());
        } catch (KafkaException | DeliveryLedger.FencedException | UncheckedIOException e) {
            throw SnapshotFailedException.undecided(context.name(), e);
        }
        return logged(delivered);
    }

    private Upload.Outcome run(Upload upload, Retries retries) throws UploadFailedException {
        while (true) {
            try {
                return upload.run();
            } catch (UploadFailedException e) {
                if (isCausedByShutdown(e) || !e.isRetryable() || !tryAgain(e, retries)) {
                    throw e.withRemark(retries.words());
                }
            } finally {
                note(upload);
            }
        }
    }

    private void note(Upload upload) {
        upload.hostKeyFingerprint().ifPresent(receipt::setHostKeyFingerprint);
        receipt.setAttempts(connectionsBefore + upload.connections());
        receipt.setFiles(receipt.getFiles().stream()
                .map(file -> in(upload.state(file.getName()).orElse(file.getState()), file))
                .toList());
    }

    private static DeliveryFile in(DeliveryFileState state, DeliveryFile file) {
        return DeliveryFile.newBuilder(file).setState(state).build();
    }

    private boolean tryAgain(UploadFailedException failure, Retries retries) {
        LOGGER.atInfo()
                .addKeyValue("feed", context.name())
                .addKeyValue("reason", failure.getMessage())
                .log("An upload did not succeed; it is tried again within the window of the feed");
        try {
            return retries.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
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

    /** What an attempt does until it has a receipt. */
    @FunctionalInterface
    interface Work {
        Delivery run() throws CutFailedException, UploadFailedException, IOException;
    }

    /**
     * Does the work; a failure of it becomes a receipt, unless the cluster that keeps the receipts fails itself. A stopped
     * thread is free of its interruption afterwards, so that the ledger can close.
     *
     * @param whenFailed what there is to do when the vendor did not get the files
     */
    Delivery finish(Work work, String whenFailed) {
        try {
            return receiptOf(work, whenFailed);
        } catch (RuntimeException e) {
            if (isCausedByShutdown(e)) {
                return stopped();
            }
            throw e;
        }
    }

    private Delivery receiptOf(Work work, String whenFailed) {
        try {
            return work.run();
        } catch (CutFailedException | UploadFailedException e) {
            return failed(e, e.getMessage() + whenFailed);
        } catch (IOException e) {
            return failed(e, FeedDelivery.localFailure(context.archive().folder(), e));
        }
    }

    private Delivery failed(Exception failure, String message) {
        return isCausedByShutdown(failure) ? stopped() : write(with(DeliveryResult.FAILED, Optional.of(message)));
    }

    /**
     * Notes that the process ended in the middle of the attempt. Not by the ledger: another snapshotter may have the feed
     * by now.
     */
    private Delivery stopped() {
        Delivery stopped = with(
                DeliveryResult.SENDING,
                Optional.of("The snapshotter was stopped in the middle of it. Of each file the vendor holds the old"
                        + " one or the new one, whole; the next delivery finds out"));
        context.receipts().amend(stopped);
        return logged(stopped);
    }

    /** Returns whether the process is to end, and lets the thread finish what it has to note. */
    private static boolean isCausedByShutdown(Throwable failure) {
        boolean interrupted = Thread.interrupted();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            interrupted |= cause instanceof InterruptedException
                    || cause instanceof InterruptException
                    || cause instanceof ClosedByInterruptException;
        }
        return interrupted;
    }

    /** Writes receipts that are final, the last one for this attempt. */
    Delivery write(Delivery... receipts) {
        ledger.orElseThrow().write(receipts);
        return logged(receipts[receipts.length - 1]);
    }

    static Delivery logged(Delivery delivery) {
        var event = delivery.getResult() == DeliveryResult.FAILED || delivery.getResult() == DeliveryResult.HELD
                ? LOGGER.atWarn()
                : LOGGER.atInfo();
        event.addKeyValue("feed", delivery.getFeed())
                .addKeyValue("delivery", delivery.getId())
                .addKeyValue("result", delivery.getResult())
                .addKeyValue("rows", delivery.getRows())
                .addKeyValue("problems", delivery.getProblems())
                .addKeyValue("watermark", delivery.getWatermark().orElse("none"))
                .addKeyValue("durationMillis", delivery.getDurationMillis())
                .addKeyValue("reason", delivery.getMessage().orElse("none"))
                .log("Delivery attempt ended");
        return delivery;
    }
}
