package dev.patronstream.snapshotter;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.ledger.Receipts;
import java.time.Instant;
import java.util.Optional;

/**
 * How a feed's deliveries stand: the last receipt of whatever result, that of the file that the vendor holds, and why
 * the last attempt did not succeed; empty where it did.
 */
public record FeedStatus(
        String feed,
        boolean running,
        Optional<Instant> nextRun,
        Optional<Instant> pausedUntil,
        Optional<Delivery> lastReceipt,
        Optional<Delivery> lastDelivery,
        Optional<String> lastFailure) {

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
        boolean holds = Receipts.hasArrived(receipt.getResult());
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
