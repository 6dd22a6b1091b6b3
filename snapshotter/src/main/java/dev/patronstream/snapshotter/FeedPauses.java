package dev.patronstream.snapshotter;

import dev.patronstream.schemas.DeliveryPause;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.ledger.Pauses;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a feed is paused: by the configuration, or by a person's order. Thread-safe. */
final class FeedPauses {

    private final Pauses orders;
    private volatile Map<String, DeliveryPause> known = Map.of();

    FeedPauses(Pauses orders) {
        this.orders = orders;
    }

    /**
     * Reads the orders again.
     *
     * @throws org.apache.kafka.common.KafkaException if the cluster cannot be reached
     */
    void refresh() {
        known = Map.copyOf(orders.all());
    }

    /** Returns until when the feed is paused, as far as is known since the last reading; empty when it is not. */
    Optional<Instant> until(FeedSettings feed, Instant now) {
        Optional<Instant> ordered = Optional.ofNullable(known.get(feed.feed()))
                .map(DeliveryPause::getUntil)
                .filter(now::isBefore);
        return Stream.concat(ordered.stream(), feed.safeguards().pausedUntil(now).stream())
                .max(Instant::compareTo);
    }
}
