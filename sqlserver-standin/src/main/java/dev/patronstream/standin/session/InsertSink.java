package dev.patronstream.standin.session;

import dev.patronstream.standin.engine.ResultColumn;
import dev.patronstream.standin.sql.SqlServerException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes the result sets of a call and inserts their rows: INSERT ... EXEC. Messages and errors are raised or dropped. */
final class InsertSink implements Response, AutoCloseable {
    private final Session session;
    private final String insert;
    private @Nullable PreparedStatement statement;
    private long rows;

    InsertSink(Session session, String insert) {
        this.session = session;
        this.insert = insert;
    }

    long rows() {
        return rows;
    }

    @Override
    public void columns(List<ResultColumn> columns) {
        try {
            close();
            String sql = insert + " VALUES (" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
            session.access().check(session.jdbc(), sql, Set.of());
            statement = session.jdbc().prepareStatement(sql);
            session.connection().beforeModification();
        } catch (SQLException e) {
            throw session.mapped(e);
        }
    }

    @Override
    public void row(@Nullable Object[] values) {
        PreparedStatement target = statement;
        if (target == null) {
            throw new IllegalStateException("A row before its columns.");
        }
        try {
            for (int i = 0; i < values.length; i++) {
                target.setObject(i + 1, values[i]);
            }
            target.executeUpdate();
            session.connection().afterModification(1);
            rows++;
        } catch (SQLException e) {
            throw session.mapped(e);
        }
    }

    @Override
    public void done(Command command, long count) {}

    @Override
    public void done(Command command) {}

    @Override
    public void message(int number, String text) {}

    @Override
    public void error(SqlServerException error) {
        throw error;
    }

    @Override
    public void transaction(TransactionEvent event, long id) {}

    @Override
    public void database(String now, String before) {}

    @Override
    public void procedureDone(int status) {}

    @Override
    public void close() throws SQLException {
        if (statement != null) {
            statement.close();
            statement = null;
        }
    }
}
