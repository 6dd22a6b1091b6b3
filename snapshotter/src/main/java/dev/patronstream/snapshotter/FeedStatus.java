package dev.patronstream.snapshotter;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import java.time.Instant;
import java.util.Optional;

/**
 * How a feed's deliveries stand.
 *
 * @param feed name of the feed
 * @param running whether a delivery is under way
 * @param nextRun when the schedule comes next; empty without one
 * @param pausedUntil until when deliveries are paused; empty while they are not
 * @param lastReceipt the last receipt, of whatever result
 * @param lastDelivery the last receipt of a file that the vendor holds
 * @param lastFailure in words, why the last attempt did not succeed; empty when it did
 */
public record FeedStatus(
        String feed,
        boolean running,
        Optional<Instant> nextRun,
        Optional<Instant> pausedUntil,
        Optional<Delivery> lastReceipt,
        Optional<Delivery> lastDelivery,
        Optional<String> lastFailure) {

    /** A feed of which nothing is known yet. */
    static FeedStatus of(String feed) {
        return new FeedStatus(
                feed, false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    FeedStatus withRunning(boolean now) {
        return new FeedStatus(feed, now, nextRun, pausedUntil, lastReceipt, lastDelivery, lastFailure);
    }

    FeedStatus withNextRun(Optional<Instant> next) {
        return new FeedStatus(feed, running, next, pausedUntil, lastReceipt, lastDelivery, lastFailure);
    }

    FeedStatus withPause(Optional<Instant> until) {
        return new FeedStatus(feed, running, nextRun, until, lastReceipt, lastDelivery, lastFailure);
    }

    FeedStatus withFailure(String message) {
        return new FeedStatus(feed, running, nextRun, pausedUntil, lastReceipt, lastDelivery, Optional.of(message));
    }

    FeedStatus withReceipt(Delivery receipt) {
        boolean holds =
                receipt.getResult() == DeliveryResult.DELIVERED || receipt.getResult() == DeliveryResult.UNCHANGED;
        boolean failed = receipt.getResult() == DeliveryResult.FAILED || receipt.getResult() == DeliveryResult.HELD;
        return new FeedStatus(
                feed,
                running,
                nextRun,
                pausedUntil,
                Optional.of(receipt),
                holds ? Optional.of(receipt) : lastDelivery,
                failed ? receipt.getMessage() : Optional.empty());
    }
}
