package dev.patronstream.demo;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.streams.QueryUnavailableException;
import dev.patronstream.streams.StreamsApp;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One real change, followed from the database to the feed. The people are made up, so they may be shown. */
final class RowStory {

    private final int school;
    private final int number;
    private final int id;
    private final String newName;
    private final long startNanos;

    private RowStory(int school, int number, int id, String newName, long startNanos) {
        this.school = school;
        this.number = number;
        this.id = id;
        this.newName = newName;
        this.startNanos = startNanos;
    }

    /** Changes the last name of the first active student of the feed, at the primary school; empty without one. */
    static Optional<RowStory> begin(Sandbox sandbox, StreamsApp streams) {
        return streams.queries().feedEntries("destiny", Optional.empty(), Optional.of(PatronStatus.ACTIVE), 1).stream()
                .filter(entry -> entry.getKind() == PatronKind.STUDENT)
                .findFirst()
                .flatMap(entry -> begin(
                        sandbox,
                        entry.getId(),
                        entry.getPrimary().getSchoolCode().orElseThrow(),
                        entry.getLastName().filter("Rivera-Stone"::equals).isPresent()
                                ? "Stone-Rivera"
                                : "Rivera-Stone"));
    }

    private static Optional<RowStory> begin(Sandbox sandbox, int id, int school, String name) {
        try (Connection connection = sandbox.connect();
                PreparedStatement find = connection.prepareStatement("SELECT SN FROM dbo.STU WHERE ID = ? AND SC = ?");
                PreparedStatement update =
                        connection.prepareStatement("UPDATE dbo.STU SET LN = ? WHERE SC = ? AND SN = ?")) {
            find.setInt(1, id);
            find.setInt(2, school);
            int number;
            try (ResultSet row = find.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                number = row.getInt("SN");
            }
            update.setString(1, name);
            update.setInt(2, school);
            update.setInt(3, number);
            long start = System.nanoTime();
            update.executeUpdate();
            return Optional.of(new RowStory(school, number, id, name, start));
        } catch (SQLException e) {
            throw new CommandFailedException("The demo's first change was refused (error " + e.getErrorCode() + ")", e);
        }
    }

    /** The beginning of the story. */
    List<String> sql() {
        return List.of(
                "The way of a row:",
                "  SQL Server   UPDATE STU SET LN = '" + newName + "' WHERE SC = " + school + " AND SN = " + number);
    }

    boolean hasArrived(StreamsApp streams) {
        try {
            return streams.queries()
                    .patron(PatronKind.STUDENT, id)
                    .flatMap(Patron::getLastName)
                    .filter(newName::equals)
                    .isPresent();
        } catch (QueryUnavailableException e) {
            return false;
        }
    }

    /** The end of the story. */
    List<String> arrival(Configuration configuration) {
        String key = Keys.person(PatronKind.STUDENT, id);
        return List.of(
                "  topic        " + configuration.topics().enrollments() + "   key " + Keys.enrollment(school, number),
                "  patron table " + configuration.topics().patrons() + "      key " + key,
                "  feed         " + configuration.topics().feed("destiny") + " key " + key
                        + String.format(
                                Locale.ROOT, "   (%.1f s after the commit)", (System.nanoTime() - startNanos) / 1e9),
                "  CSV          in the next delivery, District ID " + id,
                "");
    }
}
