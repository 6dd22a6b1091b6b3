package dev.patronstream.cli.web;

import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.ServiceUnavailableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the running process can tell the status port. Called by many threads at once.
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
     * Says why a person is in a feed or not, and what the last file said of them. May take seconds.
     *
     * @param feed name of a feed of the {@linkplain StatusReport#feeds() report}
     * @throws NotFoundResponse if neither Aeries nor the vendor has such a person
     * @throws ServiceUnavailableResponse if it cannot be said at this moment
     */
    default Explained explain(String feed, PatronKind kind, int id) {
        throw new ServiceUnavailableResponse(NOT_YET);
    }

    /**
     * An answer about a person.
     *
     * @param inShort in the feed or not, in the file or not, the last delivery: a sentence each
     * @param lines all that is known, as {@code explain} prints it
     */
    record Explained(List<String> inShort, List<String> lines) {

        /** Copies the lists. */
        public Explained {
            inShort = List.copyOf(inShort);
            lines = List.copyOf(lines);
        }
    }

    /**
     * Returns what the rules find in a feed as it stands now, by rule. May take seconds.
     *
     * @param feed name of a feed of the {@linkplain StatusReport#feeds() report}
     * @throws ServiceUnavailableResponse if it cannot be said at this moment
     */
    default List<BrokenRule> problems(String feed) {
        throw new ServiceUnavailableResponse(NOT_YET);
    }

    /**
     * A rule that rows break.
     *
     * @param rule its id
     * @param count how many lines of the problem report
     * @param first the first of them
     */
    record BrokenRule(String rule, long count, List<Found> first) {

        /** Copies the list. */
        public BrokenRule {
            first = List.copyOf(first);
        }
    }

    /** One line of the problem report: whose row, which field, what was done. */
    record Found(String key, String field, String done) {}

    /** Returns the receipts of the last 30 days, newest first, without columns, schools and samples. */
    default List<Delivery> month() {
        return List.of();
    }

    /**
     * Returns a receipt in full.
     *
     * @throws ServiceUnavailableResponse if the receipts cannot be read at this moment
     */
    default Optional<Delivery> delivery(String id) {
        throw new ServiceUnavailableResponse(NOT_YET);
    }

    /** Returns how fresh the patrons were, minute by minute of the last day, since this process began; oldest first. */
    default List<Sample> freshnessOfTheDay() {
        return List.of();
    }

    /**
     * How fresh the patrons were at a time.
     *
     * @param age of what was published; empty when it was not known
     */
    record Sample(Instant at, Optional<Duration> age) {}

    /**
     * Returns the snapshot of the database that capture holds, if it holds one.
     *
     * @throws ServiceUnavailableResponse if it cannot be read at this moment
     */
    default Optional<CaptureHold> captureHold() {
        throw new ServiceUnavailableResponse(NOT_YET);
    }

    /** Returns what this process does when a person orders it. */
    default DistrictOrders orders() {
        return DistrictOrders.NONE;
    }
}
