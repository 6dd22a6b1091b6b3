package dev.patronstream.connector.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import dev.patronstream.connector.Freshness;
import dev.patronstream.connector.Freshness.State;
import dev.patronstream.schemas.Secret;
import dev.patronstream.standin.SqlServerStandIn;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hour that the clocks show twice: the times of capture say nothing of which of the two they are in. */
class RepeatedHourTest {

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

    private static void enableCapture(SqlServerStandIn server) throws Exception {
        Properties properties = new Properties();
        properties.put("user", server.user());
        properties.put("password", server.password());
        try (Connection connection = new SQLServerDriver().connect(server.jdbcUrl(), properties);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE dbo.STU (SC int PRIMARY KEY)");
            statement.execute("EXEC sys.sp_cdc_enable_db");
            statement.execute("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'STU',"
                    + " @role_name = NULL");
        }
    }

    private static Freshness await(FreshnessProbe probe, State state) throws Exception {
        long latest = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        Freshness seen = probe.look().freshness();
        while (seen.state() != state) {
            assertTrue(System.nanoTime() < latest, seen.toString());
            Thread.sleep(20);
            seen = probe.look().freshness();
        }
        return seen;
    }

    @Test
    void captureThatStoodStillSinceTheFirstOfTheTwoHoursIsNotFreshInTheSecond() throws Exception {
        try (SqlServerStandIn server = SqlServerStandIn.start(SqlServerStandIn.Settings.in(directory)
                .withZone(LOS_ANGELES)
                .withCaptureInterval(Duration.ofMillis(100))
                .withClock(clock::get))) {
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
                // Whoever looked within the first hour and was away since then knows no more.
                assertFalse(await(running, State.STALLED).asOf().orElseThrow().isAfter(FIRST));
                clock.set(FIRST.plus(Duration.ofMinutes(60)).plusSeconds(10));
                server.resumeCapture();
                assertEquals(clock.get(), await(started, State.KNOWN).asOf().orElseThrow());
            }
        }
    }
}
