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
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers one feed when its schedule says so or when it is asked to, one at a time. Thread-safe. */
final class FeedRunner {

    private static final Logger LOGGER = LoggerFactory.getLogger(FeedRunner.class);

    private final FeedSettings feed;
    private final FeedDelivery delivery;
    private final DeliveryOrders orders;
    private final FeedPauses pauses;
    private final DeliveryListener listener;
    private final Clock clock;
    private final Optional<CronSchedule> schedule;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private volatile FeedStatus status;
    private volatile boolean skippedForPause;

    FeedRunner(
            FeedSettings feed,
            FeedDelivery delivery,
            DeliveryOrders orders,
            FeedPauses pauses,
            DeliveryListener listener,
            Clock clock) {
        this.feed = feed;
        this.delivery = delivery;
        this.orders = orders;
        this.pauses = pauses;
        this.listener = listener;
        this.clock = clock;
        this.schedule = feed.schedule().map(ScheduleSettings::schedule);
        this.status = FeedStatus.of(feed.feed());
    }

    String feed() {
        return feed.feed();
    }

    FeedStatus status() {
        return status.withPause(pauses.until(feed, clock.instant()));
    }

    /**
     * Takes up from where the receipts end. A slot that was missed since then, once or often, or an attempt that was
     * interrupted, is caught up once; a feed that was never delivered waits for its first slot.
     */
    synchronized void resume(List<Delivery> receipts) {
        receipts.forEach(receipt -> status = status.withReceipt(receipt));
        Instant now = clock.instant();
        boolean missed = schedule.flatMap(cron -> cron.last(now))
                .flatMap(slot -> status.lastReceipt()
                        .map(last -> last.getStartedAt().isBefore(slot) || last.getResult() == DeliveryResult.SENDING))
                .orElse(false);
        planNext(missed ? Optional.of(now) : schedule.flatMap(cron -> cron.next(now)));
    }

    /** Starts a delivery on the executor if it is due, or if one was skipped in a pause that is over. */
    synchronized void tick(ExecutorService executor) {
        Instant now = clock.instant();
        boolean due = !status.nextRun().map(now::isBefore).orElse(true);
        boolean pauseIsOver = skippedForPause && pauses.until(feed, now).isEmpty();
        if (status.running() || !(due || pauseIsOver)) {
            return;
        }
        skippedForPause = false;
        planNext(schedule.flatMap(cron -> cron.next(now)));
        executor.execute(this::runScheduled);
    }

    /** Takes a snapshot now, after the one under way if there is one; {@code preparation} comes first. */
    Delivery snapshot(SnapshotOptions options, Runnable preparation) {
        if (options.dryRun().isPresent()) {
            return oneAtATime(() -> delivery.dryRun(options.dryRun().get(), pausedUntil()));
        }
        return told(() -> {
            preparation.run();
            return delivery.deliver(options.evenIfUnchanged(), pausedUntil());
        });
    }

    Delivery approve(String id, String by) {
        return told(() -> orders.approve(id, by));
    }

    Delivery resend(String id, String by) {
        return told(() -> orders.resend(id, by));
    }

    Delivery reject(String id, String by) {
        return told(() -> orders.reject(id, by));
    }

    Delivery confirm(String id, long recordsRead) {
        Delivery confirmed = oneAtATime(() -> orders.confirm(id, recordsRead));
        if (confirmed.getRows() != recordsRead) {
            listener.readIncompletely(confirmed);
        }
        return confirmed;
    }

    private void runScheduled() {
        try {
            if (pausedUntil().isPresent()) {
                skippedForPause = true;
                LOGGER.atInfo()
                        .addKeyValue("feed", feed())
                        .addKeyValue(
                                "until", pausedUntil().map(Instant::toString).orElse("now"))
                        .log("A scheduled delivery is skipped in a pause; it is caught up once when the pause is over");
                return;
            }
            snapshot(SnapshotOptions.DELIVER, () -> {});
        } catch (SnapshotFailedException | KafkaException e) {
            LOGGER.atError()
                    .addKeyValue("feed", feed())
                    .setCause(e)
                    .log("A scheduled delivery failed and left no receipt; the next one comes by the schedule");
        }
    }

    /** As it is at this moment: an order may have been given elsewhere a moment ago. */
    private Optional<Instant> pausedUntil() {
        pauses.refresh();
        return pauses.until(feed, clock.instant());
    }

    private Delivery told(Supplier<Delivery> attempt) {
        return oneAtATime(() -> {
            setRunning(true);
            try {
                Delivery receipt = attempt.get();
                tell(receipt);
                return receipt;
            } finally {
                setRunning(false);
            }
        });
    }

    private Delivery oneAtATime(Supplier<Delivery> attempt) {
        oneAtATime.lock();
        try {
            return attempt.get();
        } catch (DecisionRefusedException e) {
            throw e;
        } catch (RuntimeException e) {
            SnapshotFailedException failed = new SnapshotFailedException(explain(e), e);
            noteFailure(failed.getMessage());
            throw failed;
        } finally {
            oneAtATime.unlock();
        }
    }

    /** Notes a receipt, and tells the listener what is news in it. */
    private synchronized void tell(Delivery receipt) {
        Optional<Delivery> before = status.lastReceipt();
        status = status.withReceipt(receipt);
        boolean inTrouble = before.map(Delivery::getResult)
                .filter(result -> result == DeliveryResult.FAILED || result == DeliveryResult.HELD)
                .isPresent();
        switch (receipt.getResult()) {
            case HELD -> {
                if (!before.equals(Optional.of(receipt))) {
                    listener.held(receipt);
                }
            }
            case FAILED -> listener.failed(receipt);
            case DELIVERED, UNCHANGED -> {
                if (inTrouble) {
                    listener.recovered(receipt);
                }
            }
            case REJECTED, WRITTEN, SENDING, OVERTAKEN -> {}
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

    private synchronized void noteFailure(String message) {
        status = status.withFailure(message);
    }

    private synchronized void setRunning(boolean running) {
        status = status.withRunning(running);
    }

    private synchronized void planNext(Optional<Instant> next) {
        status = status.withNextRun(next);
    }
}
