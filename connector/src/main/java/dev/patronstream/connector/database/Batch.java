package dev.patronstream.connector.database;

import dev.patronstream.connector.database.SourceDatabase.Mapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Several queries that go to the server at once and are answered one after the other, each by the state of its own
 * moment. Runs once. Not thread-safe.
 */
public final class Batch {

    private final Connection connection;
    private final List<Query<?>> queries = new ArrayList<>();

    Batch(Connection connection) {
        this.connection = connection;
    }

    private static final class Query<T> implements Supplier<List<T>> {

        private final String sql;
        private final Mapper<T> mapper;
        private final Object[] arguments;
        private @Nullable List<T> rows;

        Query(String sql, Mapper<T> mapper, Object[] arguments) {
            this.sql = sql;
            this.mapper = mapper;
            this.arguments = arguments;
        }

        void read(ResultSet row) throws SQLException {
            List<T> read = new ArrayList<>();
            while (row.next()) {
                read.add(mapper.map(row));
            }
            rows = read;
        }

        @Override
        public List<T> get() {
            return Optional.ofNullable(rows)
                    .orElseThrow(() -> new IllegalStateException("The batch has not run yet: " + sql));
        }
    }

    /** Adds a query as {@link SourceDatabase#list} takes it; what it returns has the answer after {@link #run}. */
    public <T> Supplier<List<T>> list(String sql, Mapper<T> mapper, Object... arguments) {
        Query<T> query = new Query<>(sql, mapper, arguments);
        queries.add(query);
        return query;
    }

    /** Asks everything, in one round trip; the mappers run in the order of the queries. */
    public void run() throws SQLException {
        String sql = queries.stream().map(query -> query.sql).collect(Collectors.joining(";\n"));
        Object[] arguments =
                queries.stream().flatMap(query -> Stream.of(query.arguments)).toArray();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SourceDatabase.set(statement, arguments);
            boolean rows = statement.execute();
            for (Query<?> query : queries) {
                if (!rows) {
                    throw new SQLException("The server answered nothing to: " + query.sql);
                }
                try (ResultSet row = statement.getResultSet()) {
                    query.read(row);
                }
                rows = statement.getMoreResults();
            }
        }
    }
}
