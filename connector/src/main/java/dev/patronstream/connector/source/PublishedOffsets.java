package dev.patronstream.connector.source;

import dev.patronstream.schemas.Lsn;
import java.util.Optional;

/** Says from where the source has to be read. */
@FunctionalInterface
public interface PublishedOffsets {

    /**
     * Returns the LSN up to which everything is published, now; empty when a snapshot has to be taken.
     *
     * <p>Whoever asks is about to read from there: everything that was handed over before and is not published yet will
     * be handed over again, so it has to be forgotten before the answer is given.
     *
     * @throws InterruptedException if capture is stopping
     */
    Optional<Lsn> restart() throws InterruptedException;
}
