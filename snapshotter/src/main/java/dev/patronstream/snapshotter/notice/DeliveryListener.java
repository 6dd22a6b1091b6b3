package dev.patronstream.snapshotter.notice;

import dev.patronstream.schemas.Delivery;
import java.time.Instant;
import java.util.Optional;

/**
 * Receives what a person may want to know of deliveries. Called on the thread that delivers, after the receipt is safe;
 * must not throw, and not take long. Receipts hold keys and counts only.
 */
public interface DeliveryListener {

    static DeliveryListener none() {
        return new DeliveryListener() {};
    }

    /**
     * An attempt has ended, here or elsewhere, or a person has refused the file that waited: called at every attempt, and
     * possibly more than once for one receipt.
     */
    default void ended(Delivery receipt) {}

    /** A delivery that was due has not happened for so long that somebody should look; called once per delivery. */
    default void late(String feed, Instant due, Optional<Delivery> lastDelivered) {}

    /**
     * A person has confirmed, here or elsewhere, how many records the vendor's summary says it has read of the file; can
     * be called more than once for one receipt.
     */
    default void confirmed(Delivery receipt) {}
}
