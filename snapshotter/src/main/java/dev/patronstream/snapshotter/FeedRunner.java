package dev.patronstream.snapshotter;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.snapshotter.delivery.DecisionRefusedException;
import dev.patronstream.snapshotter.delivery.DeliveryContext;
import dev.patronstream.snapshotter.delivery.DeliveryOrders;
import dev.patronstream.snapshotter.delivery.FeedDelivery;
import dev.patronstream.snapshotter.delivery.Retries;
import dev.patronstream.snapshotter.delivery.SnapshotFailedException;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.ledger.Pauses;
import dev.patronstream.snapshotter.notice.DeliveryListener;
import dev.patronstream.snapshotter.schedule.FeedPlan;
import dev.patronstream.snapshotter.schedule.Moment;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers one feed when its schedule says so or when it is asked to, one at a time. Thread-safe. */
final class FeedRunner {

    private static final Logger LOGGER = LoggerFactory.getLogger(FeedRunner.class);

    private final DeliveryContext context;
    private final FeedSettings feed;
    private final FeedDelivery delivery;
    private final DeliveryOrders orders;
    private final Pauses pauses;
    private final DeliveryListener listener;
    private final Clock clock;
    private final LongSupplier nanos;
    private final FeedPlan plan;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private Optional<Thread> attempting = Optional.empty();
    private final Map<String, Long> confirmations = new HashMap<>();
    /** What was last reported that can end a condition: the receipt's id and its result. */
    private String lastAlerted = "";

    private boolean putOffLogged;
    private volatile FeedStatus status;

    FeedRunner(DeliveryContext context, Pauses pauses, DeliveryListener listener, LongSupplier nanos) {
        this.context = context;
        this.feed = context.feed();
        this.delivery = new FeedDelivery(context);
        this.orders = new DeliveryOrders(context);
        this.pauses = pauses;
        this.listener = listener;
        this.clock = context.clock();
        this.nanos = nanos;
        this.plan = new FeedPlan(feed.schedule());
        this.status = FeedStatus.of(feed.feed());
    }

    String feed() {
        return feed.feed();
    }

    FeedStatus status() {
        return status.withPause(knownPause(clock.instant()));
    }

    boolean deliversOnChange() {
        return feed.schedule().flatMap(ScheduleSettings::onChange).isPresent();
    }

    synchronized void see(long version) {
        plan.see(version);
        status = status.withNextRun(plan.next());
    }

    /** Takes up from where the receipts end, as {@link FeedPlan#resume} says. */
    synchronized void resume(List<Delivery> receipts) {
        for (Delivery receipt : receipts) {
            status = status.withReceipt(receipt);
        }
        boolean interrupted = status.lastReceipt()
                .filter(receipt -> receipt.getResult() == DeliveryResult.SENDING)
                .isPresent();
        plan.resume(context.state().getServedUntil(), interrupted, now());
        status = status.withNextRun(plan.next());
    }

    private Moment now() {
        return Moment.of(clock, nanos);
    }

    /** Starts a delivery on the executor if one is due, and says so when one is late. */
    synchronized void tick(ExecutorService executor) {
        Moment now = now();
        Optional<Instant> pausedUntil = knownPause(now.wall());
        boolean paused = pausedUntil.isPresent();
        boolean due = plan.isDue(now, paused);
        if (paused && plan.waits() && !putOffLogged) {
            putOffLogged = true;
            LOGGER.atInfo()
                    .addKeyValue("feed", feed())
                    .addKeyValue("until", pausedUntil.get())
                    .log("A delivery is put off by a pause or by blackout hours; it is made once when they are over");
        }
        plan.newlyLate(now)
                .ifPresent(since -> reportQuietly(() -> listener.late(feed(), since, status.lastDelivery())));
        if (due) {
            putOffLogged = false;
            plan.begin(now);
            try {
                executor.execute(this::runScheduled);
            } catch (RuntimeException | Error e) {
                plan.breakOff(now);
                throw e;
            }
        }
        status = status.withNextRun(plan.next());
    }

    /** Ends the attempt under way; it may go on for the time given, and as long again to note that it was ended. */
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
        return reporting(() -> {
            preparation.run();
            return delivery.deliver(options.evenIfUnchanged(), pausedUntil(), Retries.NONE);
        });
    }

    /** Carries out a person's order, after the attempt under way if there is one. */
    Delivery order(Function<DeliveryOrders, Delivery> order) {
        return reporting(() -> order.apply(orders));
    }

    Delivery confirm(String id, long recordsRead) {
        Delivery confirmed = oneAtATime(() -> orders.confirm(id, recordsRead));
        var unused = reportConfirmation(confirmed);
        return confirmed;
    }

    /**
     * Takes note of what was decided, delivered or confirmed elsewhere, by a person at a terminal say, and reports it.
     *
     * @return whether all of it was seen to; otherwise it is to be shown again
     */
    boolean see(List<Delivery> receipts) {
        boolean confirmationsReported = seeConfirmations(receipts);
        return seeState(receipts) && confirmationsReported;
    }

    /** An attempt under way will report its result, and receipts that were read before it ended are old. */
    private boolean seeState(List<Delivery> receipts) {
        if (!oneAtATime.tryLock()) {
            return false;
        }
        try {
            return reportState(receipts);
        } finally {
            oneAtATime.unlock();
        }
    }

    private synchronized boolean reportState(List<Delivery> receipts) {
        FeedState now = context.state();
        boolean endsConditions =
                switch (now.getLastResult().orElse(DeliveryResult.WRITTEN)) {
                    case DELIVERED, UNCHANGED, REJECTED -> true;
                    // The next attempt reports what waits, and anyone who sees a failure at a terminal knows of it.
                    case HELD, FAILED, WRITTEN, SENDING, SUPERSEDED -> false;
                };
        Optional<Delivery> last = receipts.stream()
                .filter(receipt -> endsConditions && now.getLastDelivery().equals(Optional.of(receipt.getId())))
                .filter(receipt -> now.getLastResult().equals(Optional.of(receipt.getResult())))
                .findFirst();
        if (last.isEmpty() || lastAlerted.equals(identity(last.get()))) {
            return true;
        }
        status = status.withReceipt(last.get());
        return report(last.get());
    }

    private static String identity(Delivery receipt) {
        return receipt.getId() + " " + receipt.getResult();
    }

    /** Of the file that the vendor has; what people said of earlier ones is over. */
    private boolean seeConfirmations(List<Delivery> receipts) {
        List<Delivery> current = new ArrayList<>();
        for (Delivery receipt : receipts) {
            if (receipt.getResult() == DeliveryResult.DELIVERED) {
                current.clear();
            }
            if (receipt.getRecordsRead().isPresent()) {
                current.add(receipt);
            }
        }
        boolean reported = true;
        for (Delivery receipt : current) {
            reported &= reportConfirmation(receipt);
        }
        return reported;
    }

    private synchronized boolean reportConfirmation(Delivery receipt) {
        long read = receipt.getRecordsRead().orElseThrow();
        if (Objects.equals(confirmations.get(receipt.getId()), read)) {
            return true;
        }
        boolean reported = reportQuietly(() -> listener.confirmed(receipt));
        if (reported) {
            confirmations.put(receipt.getId(), read);
        }
        return reported;
    }

    private void runScheduled() {
        try {
            if (pausedUntil().isPresent()) {
                planned(FeedPlan::putOff);
                return;
            }
            Delivery receipt = reporting(() -> delivery.deliver(false, Optional.empty(), retries()));
            planned(done -> done.end(receipt.getResult() == DeliveryResult.FAILED));
        } catch (RuntimeException | Error e) {
            // An error too: a delivery that never ends for its plan keeps the feed from ever being due again.
            planned(broken -> broken.breakOff(now()));
            String message = e instanceof RuntimeException failure
                    ? explain(failure)
                    : "The feed '" + feed() + "' was not delivered: " + e
                            + ". It is tried again; if it stays, look at the log";
            note(now -> now.withFailure(message));
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
        return new Retries(feed.retryPolicy().retryWithin(), () -> knownPause(clock.instant())
                .isEmpty());
    }

    /** As it is at this moment: an order may have been given elsewhere a moment ago. */
    private Optional<Instant> pausedUntil() {
        pauses.refresh();
        return knownPause(clock.instant());
    }

    /** By the configuration, or by a person's order. */
    private Optional<Instant> knownPause(Instant now) {
        return Stream.concat(pauses.until(feed(), now).stream(), feed.safeguards().pausedUntil(now).stream())
                .max(Instant::compareTo);
    }

    private Delivery reporting(Supplier<Delivery> attempt) {
        return oneAtATime(() -> {
            note(now -> now.withRunning(true));
            try {
                Delivery receipt = attempt.get();
                noteReceipt(receipt);
                return receipt;
            } finally {
                note(now -> now.withRunning(false));
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
            String message = explain(e);
            note(now -> now.withFailure(message));
            throw new SnapshotFailedException(message, e);
        } finally {
            setAttempting(Optional.empty());
            oneAtATime.unlock();
        }
    }

    private synchronized void setAttempting(Optional<Thread> thread) {
        attempting = thread;
    }

    private synchronized void noteReceipt(Delivery receipt) {
        status = status.withReceipt(receipt);
        var unused = report(receipt);
    }

    private boolean report(Delivery receipt) {
        boolean reported = reportQuietly(() -> listener.ended(receipt));
        if (reported) {
            lastAlerted = identity(receipt);
        }
        return reported;
    }

    /** What a listener throws against its promise must not become a failure of the delivery. */
    private boolean reportQuietly(Runnable report) {
        try {
            report.run();
            return true;
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("feed", feed())
                    .setCause(e)
                    .log("What happened to a delivery could not be reported");
            return false;
        }
    }

    private String explain(RuntimeException e) {
        if (e instanceof SnapshotFailedException) {
            return String.valueOf(e.getMessage());
        }
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (e instanceof KafkaException) {
            return "The feed '" + feed() + "' was not delivered: the Kafka cluster did not do its part (" + reason
                    + "). Check that it is running and reachable";
        }
        return "The feed '" + feed() + "' was not delivered: " + reason;
    }

    private synchronized void note(UnaryOperator<FeedStatus> change) {
        status = change.apply(status);
    }
}
