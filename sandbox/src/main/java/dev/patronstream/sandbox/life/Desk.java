package dev.patronstream.sandbox.life;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A connection with the few ways of asking and writing that school offices need. Not thread-safe. */
final class Desk {

    private final Connection connection;

    Desk(Connection connection) {
        this.connection = connection;
    }

    /** A row of STU, by what its clerk knows of it. */
    record Enrollment(int school, int number, int id, int grade) {}

    int update(String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepare(sql, arguments)) {
            return statement.executeUpdate();
        }
    }

    /** The first column of the first row; empty without rows or for NULL. */
    Optional<Integer> number(String sql, @Nullable Object... arguments) throws SQLException {
        List<Integer> numbers = numbers(sql, arguments);
        return numbers.isEmpty() ? Optional.empty() : Optional.of(numbers.get(0));
    }

    List<Integer> numbers(String sql, @Nullable Object... arguments) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        try (PreparedStatement statement = prepare(sql, arguments);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                int number = rows.getInt(1);
                if (!rows.wasNull()) {
                    numbers.add(number);
                }
            }
        }
        return numbers;
    }

    /** Some enrollment in one of the schools that meets a condition; empty if chance finds none. */
    Optional<Enrollment> some(List<Integer> schools, String condition, SplittableRandom random) throws SQLException {
        if (schools.isEmpty()) {
            return Optional.empty();
        }
        for (int attempt = 0; attempt < 3; attempt++) {
            int school = schools.get(random.nextInt(schools.size()));
            int highest = number("SELECT MAX([SN]) FROM [dbo].[STU] WHERE [SC] = ?", school)
                    .orElse(0);
            Optional<Enrollment> found = from(school, 1 + random.nextInt(Math.max(1, highest)), condition);
            if (found.isEmpty()) {
                found = from(school, 0, condition);
            }
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<Enrollment> from(int school, int number, String condition) throws SQLException {
        String sql = "SELECT TOP (1) [SC], [SN], [ID], [GR] FROM [dbo].[STU] WHERE [SC] = ? AND [SN] >= ? AND "
                + condition + " ORDER BY [SN]";
        try (PreparedStatement statement = prepare(sql, school, number);
                ResultSet rows = statement.executeQuery()) {
            return rows.next()
                    ? Optional.of(new Enrollment(rows.getInt(1), rows.getInt(2), rows.getInt(3), rows.getInt(4)))
                    : Optional.empty();
        }
    }

    int freeNumber(int school) throws SQLException {
        return number("SELECT MAX([SN]) FROM [dbo].[STU] WHERE [SC] = ?", school)
                        .orElse(0)
                + 1;
    }

    private PreparedStatement prepare(String sql, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
        return statement;
    }
}
