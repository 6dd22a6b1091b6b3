package dev.patronstream.snapshotter;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.Hold;
import dev.patronstream.snapshotter.schedule.FeedPlan;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
    private final FeedPlan plan;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private Optional<Thread> attempting = Optional.empty();
    private Set<String> heldFor = Set.of();
    private final Map<String, Long> confirmations = new HashMap<>();
    private boolean putOffLogged;
    private volatile FeedStatus status;

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
        this.plan = new FeedPlan(feed.schedule());
        this.status = FeedStatus.of(feed.feed());
    }

    String feed() {
        return feed.feed();
    }

    FeedStatus status() {
        return status.withPause(pauses.until(feed, clock.instant()));
    }

    boolean deliversOnChange() {
        return feed.schedule().flatMap(ScheduleSettings::onChange).isPresent();
    }

    /** Notes the version of the feed that there is by now. */
    synchronized void see(long version) {
        plan.see(version);
        status = status.withNextRun(plan.next());
    }

    /** Takes up from where the receipts end, as {@link FeedPlan#resume} says. */
    synchronized void resume(List<Delivery> receipts) {
        heldFor = Set.of();
        for (Delivery receipt : receipts) {
            status = status.withReceipt(receipt);
            noteHold(receipt);
        }
        Optional<Delivery> last = status.lastReceipt();
        plan.resume(
                last.map(Delivery::getStartedAt),
                last.filter(receipt -> receipt.getResult() == DeliveryResult.SENDING)
                        .isPresent(),
                clock.instant());
        status = status.withNextRun(plan.next());
    }

    /** Starts a delivery on the executor if one is due, and says so when one is late. */
    synchronized void tick(ExecutorService executor) {
        Instant now = clock.instant();
        boolean paused = pauses.until(feed, now).isPresent();
        boolean due = plan.isDue(now, paused);
        if (paused && plan.waits() && !putOffLogged) {
            putOffLogged = true;
            LOGGER.atInfo()
                    .addKeyValue("feed", feed())
                    .addKeyValue(
                            "until",
                            pauses.until(feed, now).map(Instant::toString).orElse("now"))
                    .log("A delivery is put off by a pause or by blackout hours; it is made once when they are over");
        }
        plan.newlyLate(now).ifPresent(since -> listener.late(feed(), since, status.lastDelivery()));
        if (due) {
            putOffLogged = false;
            plan.begin(now);
            executor.execute(this::runScheduled);
        }
        status = status.withNextRun(plan.next());
    }

    /**
     * Ends the attempt under way, if there is one.
     *
     * @param patience how long it may go on, and once more how long it may take to note that it was ended
     */
    void stop(Duration patience) throws InterruptedException {
        if (oneAtATime.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            oneAtATime.unlock();
            return;
        }
        synchronized (this) {
            attempting.ifPresent(Thread::interrupt);
        }
        if (oneAtATime.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            oneAtATime.unlock();
        }
    }

    /** Takes a snapshot now, after the one under way if there is one; {@code preparation} comes first. */
    Delivery snapshot(SnapshotOptions options, Runnable preparation) {
        if (options.dryRun().isPresent()) {
            return oneAtATime(() -> delivery.dryRun(options.dryRun().get(), pausedUntil()));
        }
        return told(() -> {
            preparation.run();
            return delivery.deliver(options.evenIfUnchanged(), pausedUntil(), Retries.NONE);
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
        tellOfConfirmation(confirmed);
        return confirmed;
    }

    /**
     * Notes what people confirmed from elsewhere about the file that the vendor has; what they said of earlier ones is
     * over.
     */
    void seeConfirmations(List<Delivery> receipts) {
        List<Delivery> current = new ArrayList<>();
        for (Delivery receipt : receipts) {
            if (receipt.getResult() == DeliveryResult.DELIVERED) {
                current.clear();
            }
            if (receipt.getRecordsRead().isPresent()) {
                current.add(receipt);
            }
        }
        current.forEach(this::tellOfConfirmation);
    }

    private synchronized void tellOfConfirmation(Delivery receipt) {
        long read = receipt.getRecordsRead().orElseThrow();
        if (Objects.equals(confirmations.get(receipt.getId()), read)) {
            return;
        }
        if (read == receipt.getRows()) {
            listener.readInFull(receipt);
        } else {
            listener.readIncompletely(receipt);
        }
        confirmations.put(receipt.getId(), read);
    }

    private void runScheduled() {
        try {
            if (pausedUntil().isPresent()) {
                planned(FeedPlan::putOff);
                return;
            }
            Delivery receipt = told(() -> delivery.deliver(false, Optional.empty(), retries()));
            planned(done -> done.end(receipt.getResult() == DeliveryResult.FAILED));
        } catch (SnapshotFailedException | KafkaException e) {
            planned(broken -> broken.breakOff(clock.instant()));
            LOGGER.atError()
                    .addKeyValue("feed", feed())
                    .setCause(e)
                    .log("A scheduled delivery failed and left no receipt; it is made again after a pause");
        }
    }

    private synchronized void planned(Consumer<FeedPlan> note) {
        note.accept(plan);
        status = status.withNextRun(plan.next());
    }

    /** A pause or blackout that begins ends the retries. */
    private Retries retries() {
        return new Retries(feed.persistence().retryWithin(), () -> pauses.until(feed, clock.instant())
                .isEmpty());
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
            setAttempting(Optional.of(Thread.currentThread()));
            return attempt.get();
        } catch (DecisionRefusedException e) {
            throw e;
        } catch (RuntimeException e) {
            SnapshotFailedException failed = new SnapshotFailedException(explain(e), e);
            noteFailure(failed.getMessage());
            throw failed;
        } finally {
            setAttempting(Optional.empty());
            oneAtATime.unlock();
        }
    }

    private synchronized void setAttempting(Optional<Thread> thread) {
        attempting = thread;
    }

    /** Notes a receipt, and tells the listener what is news in it. */
    private synchronized void tell(Delivery receipt) {
        status = status.withReceipt(receipt);
        Set<String> heldBefore = heldFor;
        noteHold(receipt);
        switch (receipt.getResult()) {
            case HELD -> {
                if (!heldFor.equals(heldBefore)) {
                    listener.held(receipt);
                }
            }
            case FAILED -> listener.failed(receipt);
            case DELIVERED, UNCHANGED -> listener.delivered(receipt);
            case REJECTED, WRITTEN, SENDING, OVERTAKEN -> {}
        }
    }

    /** A failure on the way does not make a new condition of a hold; a file that arrives, or is refused, ends it. */
    private void noteHold(Delivery receipt) {
        switch (receipt.getResult()) {
            case HELD ->
                heldFor = receipt.getHolds().stream().map(Hold::getCheck).collect(Collectors.toSet());
            case DELIVERED, UNCHANGED, REJECTED -> heldFor = Set.of();
            case FAILED, WRITTEN, SENDING, OVERTAKEN -> {}
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
}
