package dev.patronstream.snapshotter;

import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedSelection;
import dev.patronstream.schemas.Hold;
import dev.patronstream.snapshotter.cut.CaptureNews;
import dev.patronstream.snapshotter.cut.Cut;
import dev.patronstream.snapshotter.cut.CutFailedException;
import dev.patronstream.snapshotter.cut.FeedCutter;
import dev.patronstream.snapshotter.delivery.Archive;
import dev.patronstream.snapshotter.delivery.DeliveryLedger;
import dev.patronstream.snapshotter.delivery.FileFolder;
import dev.patronstream.snapshotter.delivery.Receipts;
import dev.patronstream.snapshotter.delivery.UploadFailedException;
import dev.patronstream.snapshotter.safety.Checks;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
final class FeedDelivery {

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
    private final Drafting drafting;
    private final Sending sending;

    FeedDelivery(SnapshotterSettings settings, FeedSettings feed, AvroSerdes serdes, Clock clock) {
        this.settings = settings;
        this.feed = feed;
        this.serdes = serdes;
        this.clock = clock;
        this.cutter = new FeedCutter(settings.topics(), settings.kafka(), serdes, clock);
        this.news = new CaptureNews(settings.topics(), settings.kafka(), serdes);
        this.archive = settings.openArchive();
        this.receipts = new Receipts(settings.topics(), settings.kafka(), serdes);
        this.drafting = new Drafting(settings, feed, serdes);
        this.sending = new Sending(feed, archive, clock);
    }

    /** Writes the files into a folder and leaves everything else as it is. */
    Delivery dryRun(Path folder, Optional<Instant> pausedUntil) {
        Receipt receipt = new Receipt(feed, clock.instant());
        try {
            Drafting.Material material = material(receipt, receipts.of(feed.feed()), pausedUntil);
            receipt.draft(drafting.look(material, new FileFolder(folder)));
            return receipt.with(DeliveryResult.WRITTEN, Optional.empty());
        } catch (CutFailedException e) {
            return receipt.with(DeliveryResult.FAILED, Optional.of(e.getMessage()));
        } catch (IOException e) {
            return receipt.with(DeliveryResult.FAILED, Optional.of(localFailure(folder, e)));
        }
    }

    /** Delivers the feed, or says why not. */
    Delivery deliver(boolean evenIfUnchanged, Optional<Instant> pausedUntil, Retries retries) {
        Receipt receipt = new Receipt(feed, clock.instant());
        try (DeliveryLedger ledger = new DeliveryLedger(settings.topics(), feed.feed(), settings.kafka(), serdes)) {
            return unlessStopped(receipt, () -> {
                Delivery result = attempt(receipt, ledger, evenIfUnchanged, pausedUntil, retries);
                prune();
                return result;
            });
        }
    }

    /** A stopped thread must be free of its interruption before the ledger closes. */
    private Delivery unlessStopped(Receipt receipt, Supplier<Delivery> attempt) {
        try {
            return attempt.get();
        } catch (RuntimeException e) {
            if (Interruption.isBehind(e)) {
                return stopped(receipt, receipts);
            }
            throw e;
        }
    }

    /**
     * Notes that the process ended in the middle of an attempt. Not by the ledger: another snapshotter may have the feed
     * by now.
     */
    static Delivery stopped(Receipt receipt, Receipts receipts) {
        Delivery stopped = receipt.with(
                DeliveryResult.SENDING,
                Optional.of("The snapshotter was stopped in the middle of it. Of each file the vendor holds the old"
                        + " one or the new one, whole; the next delivery finds out"));
        receipts.amend(stopped);
        return logged(stopped);
    }

    /** Whether the vendor was last sent a file so long ago that it is sent again; times of a schedule differ a little. */
    private boolean isToBeSentAgain(List<Delivery> before, Instant now) {
        Optional<Instant> lastSent = before.stream()
                .filter(delivery -> delivery.getResult() == DeliveryResult.DELIVERED)
                .map(Delivery::getStartedAt)
                .max(Comparator.naturalOrder());
        return feed.persistence()
                .resendAfter()
                .flatMap(time -> lastSent.map(
                        sent -> !sent.plus(time).minus(SCHEDULE_JITTER).isAfter(now)))
                .orElse(false);
    }

    private Delivery attempt(
            Receipt receipt,
            DeliveryLedger ledger,
            boolean evenIfUnchanged,
            Optional<Instant> pausedUntil,
            Retries retries) {
        try {
            List<Delivery> before = receipts.of(feed.feed());
            Drafting.Material material = material(receipt, before, pausedUntil);
            receipt.captureNews(news.of(material.cut(), Receipts.lastEpoch(before), clock.instant()));
            Draft draft = drafting.draft(material, archive.open(feed.feed(), receipt.id()));
            receipt.draft(draft);
            Optional<DeliveryDecision> approval = Approvals.of(draft, before);
            approval.ifPresent(receipt::decision);
            if (approval.isEmpty() && !draft.holds().isEmpty()) {
                return hold(receipt, draft, before, ledger);
            }
            if (feed.destination().isEmpty()) {
                return write(ledger, receipt.with(DeliveryResult.WRITTEN, Optional.empty()));
            }
            return logged(sending.send(
                    new Sending.Parcel(
                            receipt,
                            before,
                            Receipts.waiting(before),
                            draft.held(),
                            sending.archivedRows(receipt.id()),
                            evenIfUnchanged || isToBeSentAgain(before, receipt.startedAt()),
                            retries),
                    feed.destination().get(),
                    ledger));
        } catch (CutFailedException | UploadFailedException e) {
            return ended(ledger, receipt, e, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return ended(ledger, receipt, e, localFailure(settings.archive(), e));
        }
    }

    private Delivery ended(DeliveryLedger ledger, Receipt receipt, Exception failure, String message) {
        return Interruption.isBehind(failure)
                ? stopped(receipt, receipts)
                : write(ledger, receipt.with(DeliveryResult.FAILED, Optional.of(message)));
    }

    private Drafting.Material material(Receipt receipt, List<Delivery> before, Optional<Instant> pausedUntil)
            throws CutFailedException {
        Cut cut = cutter.cut(feed.selection(), settings.cutTimeLimit());
        receipt.cut(cut);
        List<Cut> others = new ArrayList<>();
        for (FeedSelection other : feed.othersOfSystem(settings.feeds())) {
            others.add(cutter.cut(other, settings.cutTimeLimit()));
        }
        return new Drafting.Material(cut, others, before, receipt.startedAt(), pausedUntil);
    }

    private Delivery hold(Receipt receipt, Draft draft, List<Delivery> before, DeliveryLedger ledger)
            throws IOException {
        Optional<Delivery> same = waitingOrRejected(draft, before);
        if (same.isPresent()) {
            archive.remove(feed.feed(), receipt.id());
            List<Delivery> others = Receipts.waiting(before).stream()
                    .filter(waiting -> !waiting.getId().equals(same.get().getId()))
                    .toList();
            if (!others.isEmpty()) {
                ledger.write(Sending.overtaken(others, same.get()).toArray(Delivery[]::new));
            }
            return logged(same.get());
        }
        Delivery held = receipt.with(DeliveryResult.HELD, Optional.of(words(draft.holds(), receipt.id())));
        List<Delivery> written = new ArrayList<>(Sending.overtaken(Receipts.waiting(before), held));
        written.add(held);
        ledger.write(written.toArray(Delivery[]::new));
        return logged(held);
    }

    /** The same file is not put before a person twice, as long as it can still be sent from here. */
    private Optional<Delivery> waitingOrRejected(Draft draft, List<Delivery> before) {
        Optional<Delivery> found = Optional.empty();
        for (Delivery receipt : before) {
            boolean sameFile = Receipts.areOf(receipt, draft.files().files());
            switch (receipt.getResult()) {
                case HELD, REJECTED -> {
                    boolean sameReasons = checks(receipt.getHolds()).equals(checks(draft.holds()));
                    if (sameFile
                            && (sameReasons || receipt.getResult() == DeliveryResult.REJECTED)
                            && archive.has(feed.feed(), receipt)) {
                        found = Optional.of(receipt);
                    }
                }
                case DELIVERED, UNCHANGED -> found = Optional.empty();
                case FAILED, SENDING -> {
                    // Another file would have gone out meanwhile, so what waited before it is asked about anew.
                    if (!sameFile && !Receipts.files(receipt).isEmpty()) {
                        found = found.filter(earlier -> earlier.getResult() == DeliveryResult.REJECTED);
                    }
                }
                case WRITTEN, OVERTAKEN -> {}
            }
        }
        return found;
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

    private Delivery write(DeliveryLedger ledger, Delivery delivery) {
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

    static String localFailure(Path folder, IOException e) {
        if (e instanceof CharacterCodingException) {
            return "A value has a character that the encoding of the layout lacks, and no rule had found it. Set the"
                    + " encoding to UTF-8 if the vendor reads that, and report it. Nothing was sent, and the vendor holds"
                    + " what it held before";
        }
        return "The files could not be written to " + folder + " (" + e.getMessage()
                + "). Check the folder's rights and the space on its disk. Nothing was sent, and the vendor holds what"
                + " it held before";
    }

    /** Old copies that cannot be deleted must not keep a delivery from being one; the next one tries again. */
    private void prune() {
        try {
            archive.prune(feed.feed(), receipts.of(feed.feed()));
        } catch (IOException | KafkaException e) {
            LOGGER.atWarn()
                    .addKeyValue("folder", settings.archive())
                    .setCause(e)
                    .log("Old local copies could not be deleted");
        }
    }
}
