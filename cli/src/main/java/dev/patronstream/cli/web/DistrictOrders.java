package dev.patronstream.cli.web;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.HoldDecision;
import dev.patronstream.snapshotter.SnapshotOptions;
import dev.patronstream.snapshotter.delivery.Decider;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.ConflictResponse;
import java.time.Instant;

/**
 * What the running process does when a person orders it: the same as the commands of the terminal, with the same fencing.
 * Called by many threads at once; every order may take as long as a delivery.
 */
public interface DistrictOrders {

    /** Refuses every order; of a process that still waits for Kafka. */
    DistrictOrders NONE = new DistrictOrders() {};

    /** What a person decides about one delivery. */
    enum OnDelivery {
        /** Sends a held file, the very one. */
        APPROVE,
        /** Refuses a held file; the vendor keeps what it has. */
        REJECT,
        /** Sends the file of an earlier delivery once more. */
        RESEND
    }

    /**
     * Takes a snapshot of a feed now and returns its receipt; the receipt's result says what became of it.
     *
     * @param feed name of a feed of the {@linkplain StatusReport#feeds() report}
     * @throws ConflictResponse if none was taken, and so no receipt was left
     */
    default Delivery snapshot(String feed, SnapshotOptions request) {
        throw new ConflictResponse(StatusSource.NOT_YET);
    }

    /**
     * Carries out what a person decided about a delivery, and returns its receipt, which has who, when and why.
     *
     * @throws ConflictResponse if it is refused, with the reason
     */
    default Delivery decide(String id, OnDelivery order, Decider who) {
        throw new ConflictResponse(StatusSource.NOT_YET);
    }

    /**
     * Lets nothing of a feed be delivered until a time, and returns that time.
     *
     * @param until a day, or a day and time by the feed's clock, as the command takes it
     * @throws BadRequestResponse if it is no such time, or over already
     */
    default Instant pause(String feed, String until, String by) {
        throw new ConflictResponse(StatusSource.NOT_YET);
    }

    /** Takes the order to pause a feed back. */
    default void resume(String feed) {
        throw new ConflictResponse(StatusSource.NOT_YET);
    }

    /**
     * Decides on the snapshot of the database that capture holds.
     *
     * @param hold what was looked at
     * @throws ConflictResponse if capture does not hold that any more
     */
    default void decideCapture(String hold, HoldDecision decision, Decider who) {
        throw new ConflictResponse(StatusSource.NOT_YET);
    }
}
