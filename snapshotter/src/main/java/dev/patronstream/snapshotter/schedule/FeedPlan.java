package dev.patronstream.snapshotter.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * When a feed is to be delivered: at its fixed times, when it has changed, and once more what could not be done.
 *
 * <p>A delivery becomes due and stays so until an attempt has left a receipt, however many times pass meanwhile: what was
 * missed, paused or impossible is caught up once. Looks at no clock itself. Not thread-safe.
 */
public final class FeedPlan {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final int MOST_DOUBLINGS = 5;
    private static final long UNKNOWN = -1;

    private final Optional<CronSchedule> cron;
    private final Optional<Duration> onChange;
    private final Optional<Duration> lateAfter;

    private Optional<Instant> nextSlot = Optional.empty();
    private Optional<Instant> dueSince = Optional.empty();
    private Optional<Instant> notBefore = Optional.empty();
    private Optional<Instant> lastBegun = Optional.empty();
    /** The waiting of this delivery for its lateness; a pause begins it anew. */
    private Instant lateFrom = Instant.EPOCH;

    private boolean lateTold;
    private boolean underWay;
    private int failures;
    private long seen = UNKNOWN;
    private long seenAtBegin = UNKNOWN;
    private long delivered = UNKNOWN;

    /** Makes a plan; without settings nothing is ever due. */
    public FeedPlan(Optional<ScheduleSettings> settings) {
        this.cron = settings.flatMap(ScheduleSettings::schedule);
        this.onChange = settings.flatMap(ScheduleSettings::onChange);
        this.lateAfter = settings.flatMap(ScheduleSettings::lateAfter);
    }

    /**
     * Takes up from the last attempt. A fixed time that was missed since then, once or often, or an attempt that was
     * interrupted, is due at once; a feed that was never delivered waits for its first time since this plan was made.
     *
     * @param lastStarted when the last attempt with a receipt began
     * @param interrupted whether it came to no end
     */
    public void resume(Optional<Instant> lastStarted, boolean interrupted, Instant now) {
        boolean firstTimeHasCome = nextSlot.filter(slot -> !slot.isAfter(now)).isPresent();
        lastBegun = lastStarted;
        // An attempt whose machine has a faster clock has begun after now: its time must not come again here.
        Instant from = lastStarted.filter(now::isBefore).orElse(now);
        nextSlot = cron.flatMap(times -> times.next(from));
        Optional<Instant> missed = cron.flatMap(times -> times.last(now)).filter(slot -> lastStarted
                .map(last -> last.isBefore(slot) || interrupted)
                .orElse(firstTimeHasCome));
        dueSince = Optional.empty();
        missed.ifPresent(this::becomeDue);
        notBefore = Optional.empty();
        failures = 0;
        delivered = UNKNOWN;
    }

    /** Notes a number that grows when the feed changes. */
    public void see(long version) {
        seen = version;
    }

    /** Returns whether a delivery is to begin now. */
    public boolean isDue(Instant now, boolean paused) {
        if (underWay) {
            return false;
        }
        nextSlot.filter(slot -> !slot.isAfter(now)).ifPresent(slot -> {
            becomeDue(slot);
            nextSlot = cron.flatMap(times -> times.next(now));
        });
        nextByChange().filter(time -> !time.isAfter(now)).ifPresent(time -> becomeDue(now));
        if (paused) {
            lateFrom = now;
            return false;
        }
        return dueSince.isPresent() && notBefore.map(time -> !time.isAfter(now)).orElse(true);
    }

    private void becomeDue(Instant since) {
        if (dueSince.isEmpty()) {
            dueSince = Optional.of(since);
            lateFrom = since;
            lateTold = false;
        }
    }

    /** Whether a delivery is due that has not come to its end. */
    public boolean waits() {
        return dueSince.isPresent();
    }

    /** Notes that a delivery begins. */
    public void begin(Instant now) {
        underWay = true;
        lastBegun = Optional.of(now);
        seenAtBegin = seen;
    }

    /** Notes that nothing was tried after all; what was due stays so. */
    public void putOff() {
        underWay = false;
    }

    /**
     * Notes that the attempt has left a receipt.
     *
     * @param failed whether the vendor does not have the file, and nobody is asked about it
     */
    public void end(boolean failed) {
        underWay = false;
        dueSince = Optional.empty();
        notBefore = Optional.empty();
        failures = 0;
        if (!failed) {
            delivered = seenAtBegin;
        }
    }

    /** Notes that the attempt has left no receipt: it is made again after a pause that grows. */
    public void breakOff(Instant now) {
        underWay = false;
        long millis = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        notBefore = Optional.of(
                now.plusMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1)));
    }

    /** Returns since when a delivery is due that is late by now; of each delivery once. */
    public Optional<Instant> newlyLate(Instant now) {
        boolean late = !lateTold
                && dueSince.isPresent()
                && lateAfter.map(time -> !lateFrom.plus(time).isAfter(now)).orElse(false);
        lateTold |= late;
        return late ? dueSince : Optional.empty();
    }

    /** Returns when the next delivery begins by what is known now; empty when none is planned. */
    public Optional<Instant> next() {
        return Stream.of(nextSlot, nextByChange(), dueSince.flatMap(since -> notBefore))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private Optional<Instant> nextByChange() {
        return onChange.filter(time -> seen != UNKNOWN && seen != delivered)
                .map(time -> lastBegun.map(begun -> begun.plus(time)).orElse(Instant.EPOCH));
    }
}
