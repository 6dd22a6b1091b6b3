package dev.patronstream.connector;

import dev.patronstream.connector.ConnectorStatus.Counters;
import dev.patronstream.connector.ConnectorStatus.State;
import dev.patronstream.schemas.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** Holds the status; one thread writes it, any thread reads it. */
final class StatusBoard {

    private final AtomicReference<ConnectorStatus> status = new AtomicReference<>(new ConnectorStatus(
            new ConnectorStatus.Starting(),
            OptionalLong.empty(),
            Optional.empty(),
            Freshness.NOT_YET,
            Optional.empty(),
            Counters.NONE,
            List.of()));

    ConnectorStatus read() {
        return status.get();
    }

    void state(State state) {
        update(now -> with(now, state));
    }

    /** Something takes long; the state returns by itself with {@link #goesOn}. */
    void waiting(String reason) {
        update(now -> {
            ConnectorStatus.State before =
                    now.state() instanceof ConnectorStatus.Waiting waiting ? waiting.during() : now.state();
            return with(now, new ConnectorStatus.Waiting(reason, before));
        });
    }

    /** What took long is over. */
    void goesOn() {
        update(now -> now.state() instanceof ConnectorStatus.Waiting waiting ? with(now, waiting.during()) : now);
    }

    private static ConnectorStatus with(ConnectorStatus now, State state) {
        return new ConnectorStatus(
                state,
                now.lastEpoch(),
                now.watermark(),
                now.freshness(),
                now.lastPublished(),
                now.counters(),
                now.warnings());
    }

    void freshness(Freshness freshness) {
        update(now -> new ConnectorStatus(
                now.state(),
                now.lastEpoch(),
                now.watermark(),
                freshness,
                now.lastPublished(),
                now.counters(),
                now.warnings()));
    }

    void warnings(List<String> warnings) {
        update(now -> new ConnectorStatus(
                now.state(),
                now.lastEpoch(),
                now.watermark(),
                now.freshness(),
                now.lastPublished(),
                now.counters(),
                List.copyOf(warnings)));
    }

    void epoch(long epoch, Lsn watermark, Optional<Instant> published) {
        update(now -> new ConnectorStatus(
                now.state(),
                OptionalLong.of(epoch),
                Optional.of(watermark),
                now.freshness(),
                published.or(now::lastPublished),
                now.counters(),
                now.warnings()));
    }

    void count(UnaryOperator<Counters> change) {
        update(now -> new ConnectorStatus(
                now.state(),
                now.lastEpoch(),
                now.watermark(),
                now.freshness(),
                now.lastPublished(),
                change.apply(now.counters()),
                now.warnings()));
    }

    private void update(UnaryOperator<ConnectorStatus> change) {
        status.updateAndGet(change);
    }
}
