package dev.patronstream.snapshotter.schedule;

import dev.patronstream.schemas.lifecycle.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When a feed is to be delivered: at its fixed times, when it has changed, and once more what could not be done.
 *
 * <p>A delivery becomes due and stays so until an attempt has left a receipt, however many times pass meanwhile: what was
 * missed, paused or impossible is caught up once. Looks at no clock itself. Not thread-safe.
 */
public final class FeedPlan {

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(30), Duration.ofMinutes(10));
    private static final long UNKNOWN = -1;

    private final Optional<CronSchedule> cron;
    private final Optional<Duration> onChange;
    private final Optional<Duration> lateAfter;

    /** How far ahead of ours the clock of another snapshotter may be; a time further in the future was never served. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

    private Optional<Instant> nextSlot = Optional.empty();
    private Optional<Instant> served = Optional.empty();
    private Optional<Instant> dueSince = Optional.empty();
    private Optional<Moment> notBefore = Optional.empty();
    private Optional<Moment> lastBegun = Optional.empty();
    private Optional<Moment> looked = Optional.empty();
    /** The waiting of this delivery for its lateness; a pause begins it again. */
    private Optional<Moment> lateFrom = Optional.empty();

    private boolean lateAlerted;
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
     */
    public void resume(Optional<Instant> servedUntil, boolean interrupted, Moment now) {
        boolean firstTimeHasCome =
                nextSlot.filter(slot -> !slot.isAfter(now.wall())).isPresent();
        served = servedUntil;
        lastBegun = servedUntil.map(
                begun -> now.plus(begun.isBefore(now.wall()) ? Duration.between(now.wall(), begun) : Duration.ZERO));
        Optional<Instant> missed = cron.flatMap(times -> times.last(now.wall())).filter(slot -> servedUntil
                .map(until -> until.isBefore(slot) || interrupted)
                .orElse(firstTimeHasCome || interrupted));
        nextSlot = slotAfter(now.wall());
        dueSince = Optional.empty();
        missed.ifPresent(slot -> becomeDue(slot, now.plus(Duration.between(now.wall(), slot))));
        notBefore = Optional.empty();
        failures = 0;
        delivered = UNKNOWN;
        looked = Optional.of(now);
    }

    /** A time that was served by a clock a little ahead must not come again here; one far ahead was wrong. */
    private Optional<Instant> slotAfter(Instant now) {
        Instant from = served.filter(until -> until.isAfter(now) && !until.isAfter(now.plus(CLOCKS_DIFFER)))
                .orElse(now);
        return cron.flatMap(times -> times.next(from));
    }

    /** Notes a number that grows when the feed changes. */
    public void see(long version) {
        seen = version;
    }

    public boolean isDue(Moment now, boolean paused) {
        if (looked.filter(before -> now.wall().isBefore(before.wall())).isPresent()) {
            // The clock was put back: what was next then may be a year away.
            nextSlot = slotAfter(now.wall());
        }
        looked = Optional.of(now);
        if (underWay) {
            return false;
        }
        if (nextSlot.filter(slot -> !slot.isAfter(now.wall())).isPresent()) {
            cron.flatMap(times -> times.last(now.wall()))
                    .filter(slot -> served.filter(until -> !until.isBefore(slot) && !until.isAfter(now.wall()))
                            .isEmpty())
                    .ifPresent(slot -> becomeDue(slot, now));
            served = Optional.of(now.wall());
            nextSlot = slotAfter(now.wall());
        }
        if (changeIsDue(now)) {
            becomeDue(now.wall(), now);
        }
        if (paused) {
            lateFrom = Optional.of(now);
            return false;
        }
        return dueSince.isPresent()
                && notBefore.map(time -> isReached(time, now)).orElse(true);
    }

    private static boolean isReached(Moment time, Moment now) {
        return !now.since(time).isNegative();
    }

    private void becomeDue(Instant since, Moment from) {
        if (dueSince.isEmpty()) {
            dueSince = Optional.of(since);
            lateFrom = Optional.of(from);
            lateAlerted = false;
        }
    }

    /** Whether a delivery is due that has not come to its end. */
    public boolean waits() {
        return dueSince.isPresent();
    }

    public void begin(Moment now) {
        underWay = true;
        served = Optional.of(now.wall());
        lastBegun = Optional.of(now);
        seenAtBegin = seen;
    }

    /** Notes that nothing was tried after all; what was due stays so. */
    public void putOff() {
        underWay = false;
    }

    /**
     * Notes that the attempt has left a receipt; it failed if the vendor has no file, and nobody is asked about it.
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
    public void breakOff(Moment now) {
        underWay = false;
        notBefore = Optional.of(now.plus(BACKOFF.after(failures++)));
    }

    /** Returns since when a delivery is due that is late by now; of each delivery once. */
    public Optional<Instant> newlyLate(Moment now) {
        boolean late = !lateAlerted
                && dueSince.isPresent()
                && lateAfter
                        .flatMap(time -> lateFrom.map(from -> from.plus(time)))
                        .filter(time -> isReached(time, now))
                        .isPresent();
        lateAlerted |= late;
        return late ? dueSince : Optional.empty();
    }

    /** Returns when the next delivery begins by what is known now; empty when none is planned. */
    public Optional<Instant> next() {
        return Stream.of(
                        nextSlot,
                        nextByChange().map(this::onTheWall),
                        dueSince.flatMap(since -> notBefore).map(this::onTheWall))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private Instant onTheWall(Moment moment) {
        return looked.map(now -> now.wall().minus(now.since(moment))).orElse(moment.wall());
    }

    private boolean changeIsDue(Moment now) {
        return hasChanged() && nextByChange().map(time -> isReached(time, now)).orElse(true);
    }

    private boolean hasChanged() {
        return onChange.isPresent() && seen != UNKNOWN && seen != delivered;
    }

    private Optional<Moment> nextByChange() {
        return hasChanged() ? lastBegun.flatMap(begun -> onChange.map(begun::plus)) : Optional.empty();
    }
}
