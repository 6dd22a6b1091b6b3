package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.HeldDelivery;
import dev.patronstream.schemas.Hold;
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
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers a feed as it is, from the cut to the receipt.
 *
 * <p>Whatever happens after the ledger was opened ends in a receipt, unless the cluster that keeps the receipts fails
 * itself. One attempt at a time.
 */
public final class FeedDelivery {

    private static final Logger LOGGER = LoggerFactory.getLogger(FeedDelivery.class);
    private static final Duration SCHEDULE_JITTER = Duration.ofMinutes(1);

    private final DeliveryContext context;
    private final FeedSettings feed;
    private final Archive archive;
    private final FeedCutter cutter;
    private final CaptureNews news;

    public FeedDelivery(DeliveryContext context) {
        SnapshotterSettings settings = context.settings();
        this.context = context;
        this.feed = context.feed();
        this.archive = context.archive();
        this.cutter = new FeedCutter(settings.topics(), settings.kafka(), context.serdes());
        this.news = new CaptureNews(settings.topics(), settings.kafka(), context.serdes(), settings.staleAfter());
    }

    /** Writes the files into a folder and leaves everything else as it is. */
    public Delivery dryRun(Path folder, Optional<Instant> pausedUntil) {
        Attempt attempt = Attempt.toDeliver(context, Optional.empty());
        try {
            FeedMemory memory = new FeedMemory(context, Optional.empty(), attempt.startedAt());
            new Draft(context, cutter, memory, attempt, pausedUntil, Optional.of(folder)).describe(attempt.receipt());
            return attempt.with(DeliveryResult.WRITTEN, Optional.empty());
        } catch (CutFailedException e) {
            return attempt.with(DeliveryResult.FAILED, Optional.of(e.getMessage()));
        } catch (IOException e) {
            return attempt.with(DeliveryResult.FAILED, Optional.of(localFailure(folder, e)));
        }
    }

    /** Delivers the feed, or says why not. */
    public Delivery deliver(boolean evenIfUnchanged, Optional<Instant> pausedUntil, Retries retries) {
        try (DeliveryLedger ledger = context.openLedger()) {
            Attempt attempt = Attempt.toDeliver(context, Optional.of(ledger));
            ledger.serves(attempt.startedAt());
            Delivery ended = attempt.finish(
                    () -> {
                        FeedMemory memory = new FeedMemory(context, Optional.of(ledger), attempt.startedAt());
                        Draft draft = new Draft(context, cutter, memory, attempt, pausedUntil, Optional.empty());
                        return deliver(attempt, draft, memory, evenIfUnchanged, retries);
                    },
                    "");
            if (ended.getResult() != DeliveryResult.SENDING) {
                prune(ledger);
            }
            return ended;
        }
    }

    private Delivery deliver(Attempt attempt, Draft draft, FeedMemory memory, boolean evenIfUnchanged, Retries retries)
            throws IOException, UploadFailedException {
        List<String> known = new ArrayList<>(memory.doubts());
        Optional<Long> lastEpoch = memory.state().getHeld().flatMap(HeldDelivery::getEpoch);
        known.addAll(news.of(draft.cut(), lastEpoch, context.clock().instant()));
        attempt.receipt().setCaptureNews(known);
        draft.describe(attempt.receipt());
        var approval = FeedStates.approval(memory.state(), draft.files(), draft.holds(), Checks.NEVER);
        approval.ifPresent(attempt.receipt()::setDecision);
        if (approval.isEmpty() && !draft.holds().isEmpty()) {
            return hold(attempt, draft, memory);
        }
        if (feed.destination().isEmpty()) {
            return attempt.write(attempt.with(DeliveryResult.WRITTEN, Optional.empty()));
        }
        boolean again = evenIfUnchanged || isToBeSentAgain(memory.state(), attempt.startedAt());
        return attempt.send(memory, draft.held(), context.archivedRows(attempt.id()), again, retries);
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

    private Delivery hold(Attempt attempt, Draft draft, FeedMemory memory) throws IOException {
        // The same file is not put before a person twice, as long as it can still be sent from here.
        Optional<Delivery> same = FeedStates.asked(memory.state(), draft.files(), draft.holds()).stream()
                .flatMap(id -> Receipts.find(memory.receipts(), id).stream())
                .filter(asked -> archive.has(feed.feed(), asked))
                .findFirst();
        if (same.isPresent()) {
            archive.remove(feed.feed(), attempt.id());
        }
        Delivery held = same.orElseGet(
                () -> attempt.with(DeliveryResult.HELD, Optional.of(words(draft.holds(), attempt.id()))));
        List<Delivery> written = new ArrayList<>(Receipts.superseded(memory.receipts(), held));
        written.add(held);
        return attempt.write(written.toArray(Delivery[]::new));
    }

    private static String words(List<Hold> holds, String id) {
        String reasons = holds.stream().map(Hold::getMessage).collect(Collectors.joining("; "));
        Set<String> checks = holds.stream().map(Hold::getCheck).collect(Collectors.toSet());
        return "Not sent: " + reasons + ". The vendor holds what it held before. "
                + (checks.contains(Checks.EMPTY)
                        ? "An empty file is never sent"
                        : checks.contains(Checks.ROLL_OVER)
                                ? "The next delivery after the roll-over is the one to decide on"
                                : "Look: patronstream deliveries show " + id
                                        + "; then: patronstream deliveries approve " + id
                                        + " (or reject). What was an accident is undone in Aeries, and the next delivery goes"
                                        + " out by itself");
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
            List<Delivery> all = context.receipts().of(feed.feed());
            var needed = archive.prune(feed.feed(), FeedStates.atVendor(ledger.state()), all);
            ledger.forget(Receipts.old(all, needed));
        } catch (IOException | UncheckedIOException | KafkaException | DeliveryLedger.FencedException e) {
            LOGGER.atWarn()
                    .addKeyValue("folder", archive.folder())
                    .setCause(e)
                    .log("Old local copies or old receipts could not be deleted");
        }
    }
}
