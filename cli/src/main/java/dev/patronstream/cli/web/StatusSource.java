package dev.patronstream.cli.web;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.snapshotter.SnapshotOptions;
import io.javalin.http.ConflictResponse;
import io.javalin.http.ServiceUnavailableResponse;
import java.util.List;
import java.util.Optional;

/**
 * What the running process can tell and do for the status port. Called by many threads at once.
 *
 * <p>{@link #report} is asked every few seconds, so it must answer from memory; the others may take their time.
 */
public interface StatusSource {

    /** What a process says of persons that still waits for Kafka. */
    String NOT_YET = "Nothing is known before Kafka and the registry answer";

    StatusReport report();

    /**
     * Returns a person of the patron table.
     *
     * @throws ServiceUnavailableResponse if the table cannot be asked at this moment, or not in this process
     */
    default Optional<Patron> patron(PatronKind kind, int id) {
        throw new ServiceUnavailableResponse(NOT_YET);
    }

    /**
     * Returns the persons of a feed, students first, each kind by ID.
     *
     * @param feed name of a feed of the {@linkplain StatusReport#feeds() report}
     * @param school only those whose primary school has this code
     * @param status only those whose primary status is this
     * @param limit at most so many
     * @throws ServiceUnavailableResponse if the table cannot be asked at this moment, or not in this process
     */
    default List<FeedEntry> feedEntries(
            String feed, Optional<Integer> school, Optional<PatronStatus> status, int limit) {
        throw new ServiceUnavailableResponse(NOT_YET);
    }

    /**
     * Returns the lines of the sheet of a feed: who is in it, what of them, to whom it goes, how fresh it is.
     *
     * @param feed name of a feed of the {@linkplain StatusReport#feeds() report}
     */
    default List<String> sheet(String feed) {
        throw new ServiceUnavailableResponse(NOT_YET);
    }

    /**
     * Takes a snapshot of a feed now and returns its receipt; the receipt's result says what became of it.
     *
     * @param feed name of a feed of the {@linkplain StatusReport#feeds() report}
     * @throws ConflictResponse if none was taken, and so no receipt was left
     */
    default Delivery snapshot(String feed, SnapshotOptions request) {
        throw new ConflictResponse(NOT_YET);
    }
}
