package dev.patronstream.snapshotter;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.schedule.CronSchedule;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers one feed when its schedule says so or when it is asked to, one at a time. Thread-safe. */
final class FeedRunner {

    private static final Logger LOGGER = LoggerFactory.getLogger(FeedRunner.class);

    private final FeedSettings feed;
    private final FeedDelivery delivery;
    private final Clock clock;
    private final Optional<CronSchedule> schedule;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private volatile FeedStatus status;

    FeedRunner(FeedSettings feed, FeedDelivery delivery, Clock clock) {
        this.feed = feed;
        this.delivery = delivery;
        this.clock = clock;
        this.schedule = feed.schedule().map(ScheduleSettings::schedule);
        this.status = new FeedStatus(
                feed.feed(), false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    String feed() {
        return feed.feed();
    }

    FeedStatus status() {
        return status;
    }

    /**
     * Takes up from where the receipts end. A slot that was missed since then, once or often, or an attempt that was
     * interrupted, is caught up once; a feed that was never delivered waits for its first slot.
     */
    synchronized void resume(List<Delivery> receipts) {
        receipts.forEach(this::note);
        Instant now = clock.instant();
        boolean missed = schedule.flatMap(cron -> cron.last(now))
                .flatMap(slot -> status.lastReceipt()
                        .map(last -> last.getStartedAt().isBefore(slot) || last.getResult() == DeliveryResult.SENDING))
                .orElse(false);
        planNext(missed ? Optional.of(now) : schedule.flatMap(cron -> cron.next(now)));
    }

    /** Starts a delivery on the executor if it is due. */
    synchronized void tick(ExecutorService executor) {
        Instant now = clock.instant();
        if (status.running() || status.nextRun().map(now::isBefore).orElse(true)) {
            return;
        }
        planNext(schedule.flatMap(cron -> cron.next(now)));
        executor.execute(this::runScheduled);
    }

    /** Takes a snapshot now, after the one under way if there is one; {@code preparation} comes first. */
    Delivery snapshot(SnapshotOptions options, Runnable preparation) {
        oneAtATime.lock();
        try {
            preparation.run();
            if (options.dryRun().isPresent()) {
                return delivery.dryRun(options.dryRun().get());
            }
            setRunning(true);
            Delivery receipt = delivery.deliver(options.evenIfUnchanged());
            note(receipt);
            return receipt;
        } catch (RuntimeException e) {
            SnapshotFailedException failed = new SnapshotFailedException(explain(e), e);
            noteFailure(failed.getMessage());
            throw failed;
        } finally {
            setRunning(false);
            oneAtATime.unlock();
        }
    }

    private void runScheduled() {
        try {
            snapshot(SnapshotOptions.DELIVER, () -> {});
        } catch (SnapshotFailedException e) {
            LOGGER.atError()
                    .addKeyValue("feed", feed())
                    .setCause(e)
                    .log("A scheduled delivery failed and left no receipt; the next one comes by the schedule");
        }
    }

    private String explain(RuntimeException e) {
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (e instanceof KafkaException) {
            return "The feed '" + feed() + "' was not delivered: the Kafka cluster did not do its part (" + reason
                    + "). Check that it is running and reachable";
        }
        return "The feed '" + feed() + "' was not delivered: " + reason;
    }

    private synchronized void note(Delivery receipt) {
        boolean held =
                receipt.getResult() == DeliveryResult.DELIVERED || receipt.getResult() == DeliveryResult.UNCHANGED;
        boolean failed = receipt.getResult() == DeliveryResult.FAILED || receipt.getResult() == DeliveryResult.HELD;
        status = new FeedStatus(
                feed(),
                status.running(),
                status.nextRun(),
                Optional.of(receipt),
                held ? Optional.of(receipt) : status.lastDelivery(),
                failed ? receipt.getMessage() : Optional.empty());
    }

    private synchronized void noteFailure(String message) {
        status = new FeedStatus(
                feed(),
                status.running(),
                status.nextRun(),
                status.lastReceipt(),
                status.lastDelivery(),
                Optional.of(message));
    }

    private synchronized void setRunning(boolean running) {
        status = new FeedStatus(
                feed(), running, status.nextRun(), status.lastReceipt(), status.lastDelivery(), status.lastFailure());
    }

    private synchronized void planNext(Optional<Instant> next) {
        status = new FeedStatus(
                feed(), status.running(), next, status.lastReceipt(), status.lastDelivery(), status.lastFailure());
    }
}
