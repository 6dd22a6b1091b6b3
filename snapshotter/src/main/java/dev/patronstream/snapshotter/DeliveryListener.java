package dev.patronstream.snapshotter;

import dev.patronstream.schemas.Delivery;

/**
 * Is told what a person may want to know of deliveries. Called on the thread that delivers, after the receipt is safe;
 * must not throw, and not take long. Receipts hold keys and counts only.
 */
public interface DeliveryListener {

    /** Returns one that tells nobody. */
    static DeliveryListener none() {
        return new DeliveryListener() {};
    }

    /** A file waits for a person; told once per file, not once per attempt. */
    default void held(Delivery receipt) {}

    /** An attempt failed. */
    default void failed(Delivery receipt) {}

    /** The vendor holds the current file again, after a hold or a failure. */
    default void recovered(Delivery receipt) {}

    /** The vendor's summary says another number of records than the file has. */
    default void readIncompletely(Delivery receipt) {}
}
