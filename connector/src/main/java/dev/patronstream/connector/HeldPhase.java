package dev.patronstream.connector;

import dev.patronstream.connector.row.Captured;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes nothing until a person has decided; what the engine hands over is forgotten and will be read again. */
final class HeldPhase implements Phase {

    private static final Logger LOGGER = LoggerFactory.getLogger(HeldPhase.class);

    HeldPhase(Session session, String reason) {
        session.status().state(new ConnectorStatus.Held(reason));
        LOGGER.atWarn().addKeyValue("reason", reason).log("Capture is held until a person decides");
    }

    @Override
    public void accept(Captured captured) {
        // The epoch is not ended, so the next start begins its snapshot anew.
    }

    @Override
    public Phase settle(boolean moreWaits) {
        return this;
    }
}
