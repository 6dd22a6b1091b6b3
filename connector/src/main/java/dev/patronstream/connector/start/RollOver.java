package dev.patronstream.connector.start;

import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.schemas.Counted;
import dev.patronstream.schemas.Incarnations;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.Removal;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.Topics;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The move from the database of the last complete epoch to another one, once a year to the next school year's; or back to
 * it, where such a move was broken off. It lasts until an epoch of the database that is there now is complete, over any
 * number of starts.
 *
 * @param from the database of the last complete epoch
 * @param to the database now
 * @param enrolled students of the last complete epoch, by ID
 */
public record RollOver(String from, String to, Set<Integer> enrolled) {

    /** Whether the last complete epoch, or what a later one has begun to write, is of another database than this one. */
    public static Optional<RollOver> of(
            StartPlan.Stored stored, Source source, CommittedTopics reader, Topics topics, AvroSerdes serdes) {
        if (stored.progress().isEmpty()) {
            return Optional.empty();
        }
        Progress last = stored.progress().get();
        String now = source.incarnation().database();
        String complete = Incarnations.database(last);
        String begun = stored.position()
                .map(position -> position.incarnation().database())
                .orElse(complete);
        return complete.isEmpty() || (complete.equalsIgnoreCase(now) && begun.equalsIgnoreCase(now))
                ? Optional.empty()
                : Optional.of(
                        new RollOver(complete, now, EnrolledStudents.inTopic(reader, topics, serdes, last.getEpoch())));
    }

    /**
     * Makes sure that the database is one to move to.
     *
     * @param accepted a database that a person has accepted as it is
     * @throws CaptureException if it is half-filled or of an earlier school year
     */
    public void requireMeant(SourceDatabase database, Source source, Optional<String> accepted) throws SQLException {
        if (from.equalsIgnoreCase(to) || accepted.filter(to::equalsIgnoreCase).isPresent()) {
            return;
        }
        OptionalInt before = SchoolYear.of(from);
        OptionalInt now = SchoolYear.of(to);
        if (before.isPresent() && now.isPresent() && now.getAsInt() < before.getAsInt()) {
            throw new CaptureException("Database " + to + " is of " + SchoolYear.span(now.getAsInt()) + ", and " + from
                    + " of " + SchoolYear.span(before.getAsInt())
                    + " is captured already: this looks like last year's configuration. Nothing was changed. Correct"
                    + " sqlserver.database; to go back a year, start with --accept-database " + to);
        }
        Optional<String> unfinished = EnrolledStudents.unfinished(
                to, EnrolledStudents.inDatabase(database, source).size(), enrolled.size());
        if (unfinished.isPresent()) {
            throw new CaptureException(unfinished.get() + ". Nothing was changed. Start again when it is filled, and"
                    + " capture " + from + " until then; to take it as it is, start with --accept-database " + to);
        }
    }

    /**
     * Counts students where the guard counts rows of STU: about one student in seven goes on to another school, under
     * another key, and has not left.
     */
    MassDelete counting(MassDelete rows, Source source, SourceDatabase database) throws SQLException {
        SortedSet<Integer> gone = new TreeSet<>(enrolled);
        EnrolledStudents.live(database, source, (student, tag) -> gone.remove(student));
        return rows.counting(SourceTable.STU, removal(gone.size()), gone);
    }

    /** Returns what is removed where so many of the students have left. */
    public Removal removal(long gone) {
        return new Removal(gone, (long) enrolled.size(), Counted.ENROLLED_STUDENTS);
    }
}
