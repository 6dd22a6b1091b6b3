package dev.patronstream.snapshotter;

import dev.patronstream.schemas.Delivery;
import java.time.Instant;
import java.util.Optional;

/**
 * How a feed's deliveries stand.
 *
 * @param feed name of the feed
 * @param running whether a delivery is under way
 * @param nextRun when the schedule comes next; empty without one
 * @param lastReceipt the last receipt, of whatever result
 * @param lastDelivery the last receipt of a file that the vendor holds
 * @param lastFailure in words, why the last attempt did not succeed; empty when it did
 */
public record FeedStatus(
        String feed,
        boolean running,
        Optional<Instant> nextRun,
        Optional<Delivery> lastReceipt,
        Optional<Delivery> lastDelivery,
        Optional<String> lastFailure) {}
