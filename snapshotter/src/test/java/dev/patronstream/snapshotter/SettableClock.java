package dev.patronstream.snapshotter;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** A clock that stands until the test moves it. */
final class SettableClock extends Clock implements LongSupplier {

    private final AtomicReference<Instant> now;
    private final AtomicLong nanos = new AtomicLong();

    SettableClock(String start) {
        now = new AtomicReference<>(Instant.parse(start));
    }

    /** Time goes on. */
    void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
        jump(by);
    }

    /** Somebody sets the clock. */
    void jump(Duration by) {
        now.updateAndGet(instant -> instant.plus(by));
    }

    void set(String instant) {
        Instant next = Instant.parse(instant);
        advance(Duration.between(now.get(), next));
    }

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return now.get();
    }
}
