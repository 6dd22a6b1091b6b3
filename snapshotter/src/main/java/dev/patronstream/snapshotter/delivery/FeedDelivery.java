package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.HeldDelivery;
import dev.patronstream.schemas.Hold;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.snapshotter.cut.CaptureNews;
import dev.patronstream.snapshotter.cut.CutFailedException;
import dev.patronstream.snapshotter.cut.FeedCutter;
import dev.patronstream.snapshotter.destination.UploadFailedException;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.SnapshotterSettings;
import dev.patronstream.snapshotter.ledger.Archive;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import dev.patronstream.snapshotter.ledger.FeedStates;
import dev.patronstream.snapshotter.ledger.Receipts;
import dev.patronstream.snapshotter.safety.check.Checks;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to deliver a feed, from the cut to the receipt.
 *
 * <p>Whatever happens after the ledger was opened ends in a receipt, unless the cluster that keeps the receipts fails
 * itself. One attempt at a time.
 */
public final class FeedDelivery {

    private static final Logger LOGGER = LoggerFactory.getLogger(FeedDelivery.class);

    private static final Duration SCHEDULE_JITTER = Duration.ofMinutes(1);

    private final SnapshotterSettings settings;
    private final FeedSettings feed;
    private final AvroSerdes serdes;
    private final Clock clock;
    private final FeedCutter cutter;
    private final CaptureNews news;
    private final Archive archive;
    private final Receipts receipts;
    private final Sending sending;

    public FeedDelivery(SnapshotterSettings settings, FeedSettings feed, AvroSerdes serdes, Clock clock) {
        this.settings = settings;
        this.feed = feed;
        this.serdes = serdes;
        this.clock = clock;
        this.cutter = new FeedCutter(settings.topics(), settings.kafka(), serdes);
        this.news = new CaptureNews(settings.topics(), settings.kafka(), serdes);
        this.archive = settings.archive();
        this.receipts = new Receipts(settings.topics(), settings.kafka(), serdes);
        this.sending = new Sending(feed, archive, clock);
    }

    /** Writes the files into a folder and leaves everything else as it is. */
    public Delivery dryRun(Path folder, Optional<Instant> pausedUntil) {
        Receipt receipt = new Receipt(feed, clock.instant(), 0);
        try {
            FeedMemory memory = new FeedMemory(settings, feed, serdes, Optional.empty(), receipt.startedAt());
            receipt.draft(new Draft(settings, feed, cutter, memory, receipt, pausedUntil, Optional.of(folder)));
            return receipt.with(DeliveryResult.WRITTEN, Optional.empty());
        } catch (CutFailedException e) {
            return receipt.with(DeliveryResult.FAILED, Optional.of(e.getMessage()));
        } catch (IOException e) {
            return receipt.with(DeliveryResult.FAILED, Optional.of(localFailure(folder, e)));
        }
    }

    /** Delivers the feed, or says why not. */
    public Delivery deliver(boolean evenIfUnchanged, Optional<Instant> pausedUntil, Retries retries) {
        try (DeliveryLedger ledger = new DeliveryLedger(settings.topics(), feed.feed(), settings.kafka(), serdes)) {
            Receipt receipt = new Receipt(feed, clock.instant(), ledger.nextSequence(archive));
            ledger.serves(receipt.startedAt());
            return unlessStopped(receipt, receipts, () -> {
                Delivery result = attempt(receipt, ledger, evenIfUnchanged, pausedUntil, retries);
                prune(ledger);
                return result;
            });
        }
    }

    /** A stopped thread must be free of its interruption before the ledger closes. */
    static Delivery unlessStopped(Receipt receipt, Receipts receipts, Supplier<Delivery> attempt) {
        try {
            return attempt.get();
        } catch (RuntimeException e) {
            if (Interruption.causedByShutdown(e)) {
                return stopped(receipt, receipts);
            }
            throw e;
        }
    }

    /**
     * Notes that the process ended in the middle of an attempt. Not by the ledger: another snapshotter may have the feed
     * by now.
     */
    private static Delivery stopped(Receipt receipt, Receipts receipts) {
        Delivery stopped = receipt.with(
                DeliveryResult.SENDING,
                Optional.of("The snapshotter was stopped in the middle of it. Of each file the vendor holds the old"
                        + " one or the new one, whole; the next delivery finds out"));
        receipts.amend(stopped);
        return logged(stopped);
    }

    /**
     * Whether the vendor was last sent a file so long ago that it is sent again; times of a schedule differ a little. A
     * time in the future says nothing but that a clock was wrong.
     */
    private boolean isToBeSentAgain(FeedState state, Instant now) {
        Optional<Instant> lastSent = state.getHeld().flatMap(HeldDelivery::getSentAt);
        return feed.retryPolicy()
                .resendAfter()
                .flatMap(time -> lastSent.map(sent -> sent.isAfter(now.plus(SCHEDULE_JITTER))
                        || !sent.plus(time).minus(SCHEDULE_JITTER).isAfter(now)))
                .orElse(false);
    }

    private Delivery attempt(
            Receipt receipt,
            DeliveryLedger ledger,
            boolean evenIfUnchanged,
            Optional<Instant> pausedUntil,
            Retries retries) {
        try {
            FeedMemory memory = new FeedMemory(settings, feed, serdes, Optional.of(ledger), receipt.startedAt());
            Draft draft = new Draft(settings, feed, cutter, memory, receipt, pausedUntil, Optional.empty());
            List<String> known = new ArrayList<>(memory.doubts());
            Optional<Long> lastEpoch = memory.state().getHeld().flatMap(HeldDelivery::getEpoch);
            known.addAll(news.of(draft.cut(), lastEpoch, clock.instant()));
            receipt.captureNews(known);
            receipt.draft(draft);
            Optional<DeliveryDecision> approval =
                    FeedStates.approval(memory.state(), draft.files(), draft.holds(), Checks.NEVER);
            approval.ifPresent(receipt::decision);
            if (approval.isEmpty() && !draft.holds().isEmpty()) {
                return hold(receipt, draft, memory, ledger);
            }
            if (feed.destination().isEmpty()) {
                return write(ledger, receipt.with(DeliveryResult.WRITTEN, Optional.empty()));
            }
            return logged(sending.send(
                    new Sending.UploadRequest(
                            receipt,
                            memory,
                            draft.held(),
                            sending.archivedRows(receipt.id()),
                            evenIfUnchanged || isToBeSentAgain(memory.state(), receipt.startedAt()),
                            retries),
                    ledger));
        } catch (CutFailedException | UploadFailedException e) {
            return ended(ledger, receipt, receipts, e, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return ended(ledger, receipt, receipts, e, localFailure(archive.folder(), e));
        }
    }

    /** Records a failure, or that the process ended in the middle of the attempt. */
    static Delivery ended(
            DeliveryLedger ledger, Receipt receipt, Receipts receipts, Exception failure, String message) {
        return Interruption.causedByShutdown(failure)
                ? stopped(receipt, receipts)
                : write(ledger, receipt.with(DeliveryResult.FAILED, Optional.of(message)));
    }

    private Delivery hold(Receipt receipt, Draft draft, FeedMemory memory, DeliveryLedger ledger) throws IOException {
        // The same file is not put before a person twice, as long as it can still be sent from here.
        Optional<Delivery> same = FeedStates.asked(memory.state(), draft.files(), draft.holds()).stream()
                .flatMap(id -> memory.receipt(id).stream())
                .filter(asked -> archive.has(feed.feed(), asked))
                .findFirst();
        if (same.isPresent()) {
            archive.remove(feed.feed(), receipt.id());
        }
        Delivery held = same.orElseGet(
                () -> receipt.with(DeliveryResult.HELD, Optional.of(words(draft.holds(), receipt.id()))));
        List<Delivery> written = new ArrayList<>(Sending.superseded(memory.receipts(), held));
        written.add(held);
        ledger.write(written.toArray(Delivery[]::new));
        return logged(held);
    }

    private static List<String> checks(List<Hold> holds) {
        return holds.stream().map(Hold::getCheck).toList();
    }

    private static String words(List<Hold> holds, String id) {
        String reasons = holds.stream().map(Hold::getMessage).collect(Collectors.joining("; "));
        boolean empty = checks(holds).contains(Checks.EMPTY);
        boolean rollOver = checks(holds).contains(Checks.ROLL_OVER);
        return "Not sent: " + reasons + ". The vendor holds what it held before. "
                + (empty
                        ? "An empty file is never sent"
                        : rollOver
                                ? "The next delivery after the roll-over is the one to decide on"
                                : "Look: patronstream deliveries show " + id
                                        + "; then: patronstream deliveries approve " + id
                                        + " (or reject). What was an accident is undone in Aeries, and the next delivery goes"
                                        + " out by itself");
    }

    private static Delivery write(DeliveryLedger ledger, Delivery delivery) {
        ledger.write(delivery);
        return logged(delivery);
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

    public static String localFailure(Path folder, IOException e) {
        if (e instanceof CharacterCodingException) {
            return "A value has a character that the encoding of the layout lacks, and no rule had found it. Set the"
                    + " encoding to UTF-8 if the vendor reads that, and report it. Nothing was sent, and the vendor holds"
                    + " what it held before";
        }
        return "The files could not be written to " + folder + " (" + e.getMessage()
                + "). Check the folder's rights and the space on its disk. Nothing was sent, and the vendor holds what"
                + " it held before";
    }

    /** What is old and cannot be deleted must not keep a delivery from being one; the next one tries again. */
    private void prune(DeliveryLedger ledger) {
        try {
            List<Delivery> all = receipts.of(feed.feed());
            var needed = archive.prune(feed.feed(), FeedStates.atVendor(ledger.state()), all);
            ledger.forget(Receipts.old(all, needed));
        } catch (IOException | KafkaException | DeliveryLedger.FencedException e) {
            LOGGER.atWarn()
                    .addKeyValue("folder", archive.folder())
                    .setCause(e)
                    .log("Old local copies or old receipts could not be deleted");
        }
    }
}
