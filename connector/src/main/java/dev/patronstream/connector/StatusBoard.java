package dev.patronstream.connector;

import dev.patronstream.connector.ConnectorStatus.Counters;
import dev.patronstream.connector.ConnectorStatus.Notice;
import dev.patronstream.connector.ConnectorStatus.State;
import dev.patronstream.schemas.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Holds the status; one thread writes it, any thread reads it. */
final class StatusBoard {

    private static final int MOST_NOTICES = 10;

    private final AtomicReference<ConnectorStatus> status = new AtomicReference<>(new ConnectorStatus(
            new ConnectorStatus.Starting(),
            OptionalLong.empty(),
            Optional.empty(),
            Freshness.NOT_YET,
            Optional.empty(),
            Counters.NONE,
            List.of(),
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
                now.warnings(),
                now.notices());
    }

    void freshness(Freshness freshness) {
        update(now -> new ConnectorStatus(
                now.state(),
                now.lastEpoch(),
                now.watermark(),
                freshness,
                now.lastPublished(),
                now.counters(),
                now.warnings(),
                now.notices()));
    }

    void warnings(List<String> warnings) {
        update(now -> new ConnectorStatus(
                now.state(),
                now.lastEpoch(),
                now.watermark(),
                now.freshness(),
                now.lastPublished(),
                now.counters(),
                List.copyOf(warnings),
                now.notices()));
    }

    /** Something happened; what is said again moves up. */
    void notice(Instant at, String text) {
        notice(at, text, "");
    }

    /** Something happened; what was said about the same before goes. */
    void notice(Instant at, String about, String more) {
        update(now -> new ConnectorStatus(
                now.state(),
                now.lastEpoch(),
                now.watermark(),
                now.freshness(),
                now.lastPublished(),
                now.counters(),
                now.warnings(),
                Stream.concat(
                                Stream.of(new Notice(at, about + more)),
                                now.notices().stream()
                                        .filter(notice -> !notice.text().startsWith(about)))
                        .limit(MOST_NOTICES)
                        .toList()));
    }

    void epoch(long epoch, Lsn watermark, Optional<Instant> published) {
        update(now -> new ConnectorStatus(
                now.state(),
                OptionalLong.of(epoch),
                Optional.of(watermark),
                now.freshness(),
                published.or(now::lastPublished),
                now.counters(),
                now.warnings(),
                now.notices()));
    }

    void count(UnaryOperator<Counters> change) {
        update(now -> new ConnectorStatus(
                now.state(),
                now.lastEpoch(),
                now.watermark(),
                now.freshness(),
                now.lastPublished(),
                change.apply(now.counters()),
                now.warnings(),
                now.notices()));
    }

    private void update(UnaryOperator<ConnectorStatus> change) {
        status.updateAndGet(change);
    }
}
