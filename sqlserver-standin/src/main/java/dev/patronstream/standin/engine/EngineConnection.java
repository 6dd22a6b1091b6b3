package dev.patronstream.standin.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;

/**
 * One connection to the engine and the transaction on it. Modifications are announced before they run, so that the row
 * triggers find the transaction's number; a commit goes through the {@link CommitLog}, which gives it its LSN. Used by
 * one thread at a time.
 */
public final class EngineConnection implements AutoCloseable {
    private static final long STATEMENT = 1L << 32;

    private final Connection jdbc;
    private final CommitLog log;
    private long transaction;
    private long statements;
    private long changes;
    private Instant begun = Instant.EPOCH;

    EngineConnection(Connection jdbc, CommitLog log) {
        this.jdbc = jdbc;
        this.log = log;
    }

    public Connection jdbc() {
        return jdbc;
    }

    /** Announces a statement that may change rows. */
    public void beforeModification() throws SQLException {
        if (statements == 0) {
            transaction = log.newTransaction();
            begun = log.now();
        }
        statements++;
        try (PreparedStatement set = jdbc.prepareStatement(
                "CALL SET(@standin_tx, CAST(? AS BIGINT)) + SET(@standin_n, CAST(? AS BIGINT))")) {
            set.setLong(1, transaction);
            set.setLong(2, statements * STATEMENT);
            set.execute();
        }
    }

    /** Tells how many rows the announced statement changed. */
    public void afterModification(long changedRows) {
        changes += changedRows;
    }

    /** Commits; with changes, this is the moment the transaction gets its LSN. */
    public void commit() throws SQLException {
        if (changes == 0) {
            jdbc.commit();
        } else {
            log.commit(jdbc, transaction, begun, changes);
        }
        forget();
    }

    public void rollback() throws SQLException {
        try {
            jdbc.rollback();
        } finally {
            forget();
        }
    }

    public Savepoint savepoint() throws SQLException {
        return jdbc.setSavepoint();
    }

    public void rollback(Savepoint savepoint) throws SQLException {
        jdbc.rollback(savepoint);
    }

    private void forget() {
        statements = 0;
        changes = 0;
    }

    /** Rolls back and closes. */
    @Override
    public void close() throws SQLException {
        try {
            if (!jdbc.isClosed()) {
                jdbc.rollback();
            }
        } finally {
            jdbc.close();
        }
    }
}
