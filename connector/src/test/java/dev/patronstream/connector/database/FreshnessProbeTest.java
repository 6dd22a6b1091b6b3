package dev.patronstream.connector.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import dev.patronstream.connector.status.Freshness;
import dev.patronstream.connector.status.Freshness.State;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.standin.SqlServerStandIn;
import dev.patronstream.standin.StandInSettings;
import java.lang.StackWalker.StackFrame;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said to be captured is captured. */
class FreshnessProbeTest {

    private static final ZoneId LOS_ANGELES = ZoneId.of("America/Los_Angeles");
    /** 1:30, before the clocks are put back. */
    private static final Instant FIRST = Instant.parse("2026-11-01T08:30:00Z");

    @TempDir
    Path directory;

    private final AtomicReference<Instant> clock = new AtomicReference<>(FIRST);

    private DatabaseSettings database(SqlServerStandIn server) {
        return new DatabaseSettings(
                "127.0.0.1",
                server.port(),
                server.database(),
                "dbo",
                server.user(),
                Secret.of(server.password()),
                Map.of("encrypt", "false"));
    }

    private SqlServerStandIn start(InstantSource time) {
        return SqlServerStandIn.start(StandInSettings.in(directory)
                .withZone(LOS_ANGELES)
                .withCaptureInterval(Duration.ofMillis(20))
                .withClock(time));
    }

    private static Connection connect(SqlServerStandIn server) throws SQLException {
        Properties properties = new Properties();
        properties.put("user", server.user());
        properties.put("password", server.password());
        return new SQLServerDriver().connect(server.jdbcUrl(), properties);
    }

    private static void enableCapture(SqlServerStandIn server) throws Exception {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE dbo.STU (SC int PRIMARY KEY)");
            statement.execute("EXEC sys.sp_cdc_enable_db");
            statement.execute("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'STU',"
                    + " @role_name = NULL");
        }
    }

    private static Freshness await(FreshnessProbe probe, State state) throws Exception {
        return await(probe, seen -> seen.state() == state);
    }

    private static Freshness await(FreshnessProbe probe, Predicate<Freshness> condition) throws Exception {
        long latest = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        Freshness seen = probe.look().freshness();
        while (!condition.test(seen)) {
            assertTrue(System.nanoTime() < latest, seen.toString());
            Thread.sleep(20);
            seen = probe.look().freshness();
        }
        return seen;
    }

    /** The hour that the clocks show twice: the times of capture say nothing of which of the two they are in. */
    @Test
    void captureThatStoodStillSinceTheFirstOfTheTwoHoursIsNotFreshInTheSecond() throws Exception {
        try (SqlServerStandIn server = start(clock::get)) {
            enableCapture(server);
            try (SourceDatabase database = SourceDatabase.connect(database(server))) {
                FreshnessProbe running = new FreshnessProbe(database, LOS_ANGELES);
                assertEquals(FIRST, await(running, State.KNOWN).asOf().orElseThrow());
                server.pauseCapture();
                // Ten minutes by the clock on the wall, and seventy by the sun.
                clock.set(FIRST.plus(Duration.ofMinutes(60)).plusSeconds(5));
                assertEquals(FIRST, running.look().freshness().asOf().orElseThrow());
                FreshnessProbe started = new FreshnessProbe(database, LOS_ANGELES);
                Freshness seen = started.look().freshness();
                assertEquals(State.STALLED, seen.state(), seen.toString());
                assertFalse(seen.asOf().orElseThrow().isAfter(FIRST), seen.toString());
                // Anyone who looked within the first hour and was away since then knows no more.
                assertFalse(await(running, State.STALLED).asOf().orElseThrow().isAfter(FIRST));
                clock.set(FIRST.plus(Duration.ofMinutes(60)).plusSeconds(10));
                server.resumeCapture();
                await(started, now -> now.asOf().equals(Optional.of(clock.get())));
            }
        }
    }

    /** Of a scan that takes long, its end says nothing of what was committed while it ran. */
    @Test
    void whatIsCommittedWhileAScanRunsIsNotSaidToBeCaptured() throws Exception {
        CountDownLatch hasRead = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean armed = new AtomicBoolean();
        InstantSource slowAtItsEnd = () -> {
            if (isEndOfScan() && armed.get()) {
                hasRead.countDown();
                awaitLatch(mayEnd);
            }
            return clock.get();
        };
        try (SqlServerStandIn server = start(slowAtItsEnd)) {
            enableCapture(server);
            try (SourceDatabase database = SourceDatabase.connect(database(server));
                    Connection connection = connect(server);
                    Statement statement = connection.createStatement()) {
                FreshnessProbe probe = new FreshnessProbe(database, LOS_ANGELES);
                await(probe, State.KNOWN);
                armed.set(true);
                assertTrue(hasRead.await(60, TimeUnit.SECONDS), "no scan came to its end");
                clock.set(FIRST.plusSeconds(5));
                statement.execute("INSERT INTO dbo.STU (SC) VALUES (1)");
                Thread pausing = new Thread(server::pauseCapture);
                pausing.start();
                while (pausing.getState() != Thread.State.WAITING) {
                    // It waits for the end of the scan that runs, and lets no other begin.
                    Thread.onSpinWait();
                }
                clock.set(FIRST.plusSeconds(10));
                Lsn before = database.maxLsn();
                mayEnd.countDown();
                pausing.join();
                FreshnessProbe.Observation seen = probe.look();
                assertEquals(before, seen.maxLsn(), "the scan had read the log before the commit");
                assertFalse(seen.freshness().asOf().orElseThrow().isAfter(FIRST.plusSeconds(5)), seen.toString());
            }
        }
    }

    /** Scans that found nothing share a row, which began long ago; the log has an entry at least every five minutes. */
    @Test
    void aProbeThatStartsInAQuietSpellGoesByTheLastEntryOfTheLog() throws Exception {
        try (SqlServerStandIn server = start(clock::get)) {
            enableCapture(server);
            try (SourceDatabase database = SourceDatabase.connect(database(server))) {
                FreshnessProbe running = new FreshnessProbe(database, LOS_ANGELES);
                await(running, State.KNOWN);
                for (int minutes = 2; minutes <= 20; minutes += 2) {
                    clock.set(FIRST.plus(Duration.ofMinutes(minutes)));
                    await(running, now -> now.asOf().equals(Optional.of(clock.get())));
                }
                Instant asOf = new FreshnessProbe(database, LOS_ANGELES)
                        .look()
                        .freshness()
                        .asOf()
                        .orElseThrow();
                assertFalse(asOf.isBefore(clock.get().minus(Duration.ofMinutes(6))), asOf.toString());
            }
        }
    }

    /** The server's clock is a year ahead for a while, and capture stands still once it is right again. */
    @Test
    void aClockThatWasAheadHidesNoStandstill() throws Exception {
        try (SqlServerStandIn server = start(clock::get)) {
            enableCapture(server);
            try (SourceDatabase database = SourceDatabase.connect(database(server))) {
                FreshnessProbe running = new FreshnessProbe(database, LOS_ANGELES);
                await(running, State.KNOWN);
                clock.set(FIRST.plus(Duration.ofDays(365)));
                await(running, now -> now.asOf().equals(Optional.of(clock.get())));
                server.pauseCapture();
                Instant right = FIRST.plusSeconds(10);
                clock.set(right);
                assertEquals(Optional.of(right), running.look().freshness().asOf());
                clock.set(right.plus(Duration.ofMinutes(5)));
                Freshness seen = running.look().freshness();
                assertEquals(State.STALLED, seen.state(), seen.toString());
                assertEquals(Optional.of(right), seen.asOf());
            }
        }
    }

    private static boolean isEndOfScan() {
        return StackWalker.getInstance()
                .walk(frames -> frames.limit(6).map(StackFrame::getMethodName).toList())
                .containsAll(List.of("now", "scan"));
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aScanBeganAfterTheOneBeforeItInTheSameRowEnded() {
        LocalDateTime noon = LocalDateTime.of(2026, 11, 2, 12, 0);
        ScanSession before = new ScanSession(7, noon, noon.plusSeconds(30), 0, 0, 6);
        ScanSession after = new ScanSession(7, noon, noon.plusSeconds(35), 0, 0, 7);
        assertEquals(noon.plusSeconds(30), after.capturedUpTo(before));
        assertEquals(noon, after.capturedUpTo(null), "any of them");
        ScanSession renamed = new ScanSession(8, noon, noon.plusSeconds(35), 0, 0, 7);
        assertEquals(noon.plusSeconds(30), renamed.capturedUpTo(before), "whichever of them names the row");
        ScanSession busy = new ScanSession(8, noon.plusSeconds(40), noon.plusSeconds(50), 0, 3, 0);
        assertEquals(noon.plusSeconds(40), busy.capturedUpTo(after));
    }
}
