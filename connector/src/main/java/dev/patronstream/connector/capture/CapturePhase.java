package dev.patronstream.connector.capture;

import dev.patronstream.connector.row.Captured;
import java.sql.SQLException;

/** What is done with what the engine hands over; one thread uses it. */
interface CapturePhase {

    /** Takes what was handed over. */
    void accept(Captured captured) throws SQLException;

    /**
     * Publishes what can be; called after each batch and while nothing comes.
     *
     * @param moreWaits whether another batch waits already
     * @return the phase that goes on
     */
    CapturePhase settle(boolean moreWaits) throws SQLException;
}
