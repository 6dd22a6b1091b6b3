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

    /** A file waits for a person; called at every attempt that ends so, also of a file that waited before. */
    default void held(Delivery receipt) {}

    /** A person has refused the file that waited, here or elsewhere; can be called more than once for one receipt. */
    default void rejected(Delivery receipt) {}

    default void failed(Delivery receipt) {}

    /**
     * The vendor holds the current file; called every time, also of a delivery that was made elsewhere while this process
     * led, or before it did.
     */
    default void delivered(Delivery receipt) {}

    /** A delivery that was due has not happened for so long that somebody should look; called once per delivery. */
    default void late(String feed, Instant due, Optional<Delivery> lastDelivered) {}

    /**
     * The vendor's summary says another number of records than the file has, as a person confirmed, here or elsewhere;
     * can be called more than once for one receipt.
     */
    default void readIncompletely(Delivery receipt) {}

    /** The vendor's summary says the number of records that the file has; likewise. */
    default void readInFull(Delivery receipt) {}
}
