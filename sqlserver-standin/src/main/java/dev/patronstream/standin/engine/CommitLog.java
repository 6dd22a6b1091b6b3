package dev.patronstream.standin.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The order of commits. One transaction commits at a time: it takes the next stretch of log positions, writes its row
 * into {@code standin_history.transactions} and commits both, its changes and that row, as one. So the order of
 * LSNs is the order of commits, a reader that sees a transaction sees all before it, and no LSN is ever taken by a
 * transaction that did not commit. Thread-safe.
 */
public final class CommitLog {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition committed = lock.newCondition();
    private final InstantSource clock;
    private final AtomicLong transactions;
    private long nextPosition;
    private Instant lastCommit;

    CommitLog(Connection jdbc, InstantSource clock) throws SQLException {
        this.clock = clock;
        this.transactions =
                new AtomicLong(Sql.number(jdbc, "SELECT MAX(\"tx_id\") FROM \"standin_history\".\"transactions\""));
        long last =
                Sql.number(jdbc, "SELECT \"value\" FROM \"standin\".\"settings\" WHERE \"name\" = 'reserved_position'");
        long logged = Sql.number(jdbc, "SELECT MAX(\"commit_position\") FROM \"standin_history\".\"transactions\"");
        this.nextPosition = Math.max(LogPosition.FIRST, Math.max(last, logged) + 1);
        this.lastCommit = Instant.EPOCH;
    }

    Instant now() {
        return clock.instant();
    }

    /** A time of the server up to which every commit is in the log: none has an earlier time and is still being written. */
    public Instant settledTime() {
        lock.lock();
        try {
            return clock.instant();
        } finally {
            lock.unlock();
        }
    }

    public long newTransaction() {
        return transactions.incrementAndGet();
    }

    void commit(Connection jdbc, long transaction, Instant begun, long changes) throws SQLException {
        lock.lock();
        try {
            long first = nextPosition;
            long commit = first + 2 * changes + 1;
            Instant now = clock.instant();
            Instant time = now.isBefore(lastCommit) ? lastCommit : now;
            try (PreparedStatement insert = jdbc.prepareStatement(
                    "INSERT INTO \"standin_history\".\"transactions\" (\"tx_id\", \"commit_position\","
                            + " \"first_position\", \"commit_lsn\", \"lsn\", \"begin_time\", \"commit_time\") VALUES (?, ?, ?, ?, ?, ?, ?)")) {
                byte[] lsn = LogPosition.lsn(commit);
                insert.setLong(1, transaction);
                insert.setLong(2, commit);
                insert.setLong(3, first);
                insert.setBytes(4, lsn);
                insert.setString(5, LogPosition.text(lsn));
                insert.setObject(6, utc(begun));
                insert.setObject(7, utc(time));
                insert.executeUpdate();
            }
            jdbc.commit();
            nextPosition = commit + 1;
            lastCommit = time;
            committed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /**
     * Reserves a position for something that is no row change (a capture instance, a dummy entry) and commits it
     * together with what was done on the connection before. No transaction commits between.
     *
     * @param work what to do with the position, on the connection, before its commit
     */
    public <T> T reserve(Connection jdbc, PositionWork<T> work) throws SQLException {
        lock.lock();
        try {
            long position = nextPosition;
            T result = work.with(position);
            Sql.update(
                    jdbc,
                    "MERGE INTO \"standin\".\"settings\" (\"name\", \"value\") KEY (\"name\")"
                            + " VALUES ('reserved_position', ?)",
                    Long.toString(position));
            jdbc.commit();
            nextPosition = position + 1;
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** The last position taken. */
    public long lastPosition() {
        lock.lock();
        try {
            return nextPosition - 1;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something commits after the position, at most for the time given. */
    public void awaitCommitAfter(long position, Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            long nanos = atMost.toNanos();
            while (nextPosition <= position + 1 && nanos > 0) {
                nanos = committed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Work at a reserved position. */
    @FunctionalInterface
    public interface PositionWork<T> {
        T with(long position) throws SQLException;
    }
}
