package dev.patronstream.connector.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.Incarnation;
import dev.patronstream.connector.engine.EventReader;
import dev.patronstream.connector.row.Captured;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.standin.SqlServerStandIn;
import dev.patronstream.standin.StandInSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tables as a snapshot reads them. */
@Timeout(120)
class SnapshotReadingTest {

    private static final Lsn STAMP = Lsn.NONE;
    private static final int SCHOOLS = 2_000;
    private static final int ROOM = 4;

    @TempDir
    Path directory;

    private SqlServerStandIn server;

    @BeforeEach
    void start() throws Exception {
        server = SqlServerStandIn.start(StandInSettings.in(directory));
        run("ALTER DATABASE [" + server.database() + "] SET ALLOW_SNAPSHOT_ISOLATION ON");
        run("CREATE TABLE dbo.LOC (CD int PRIMARY KEY, NM nvarchar(100))");
        run("CREATE TABLE dbo.STF (ID int PRIMARY KEY, LN nvarchar(50), FN nvarchar(50), PSC int)");
        List<String> rows = new ArrayList<>();
        for (int school = 1; school <= SCHOOLS; school++) {
            rows.add("(" + school + ", N'" + "High School ".repeat(8) + "')");
        }
        run("INSERT INTO dbo.LOC VALUES " + String.join(", ", rows));
        run("INSERT INTO dbo.STF VALUES (1201, N'Before', N'One', 10)");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void run(String batch) throws SQLException {
        Properties properties = new Properties();
        properties.put("user", server.user());
        properties.put("password", server.password());
        try (Connection connection = new SQLServerDriver().connect(server.jdbcUrl(), properties);
                Statement statement = connection.createStatement()) {
            statement.execute(batch);
        }
    }

    private static TableColumns columns(SourceTable table) {
        Map<ContractColumn, String> fields = table.columns().stream()
                .filter(ContractColumn::isNeeded)
                .collect(Collectors.toMap(
                        column -> column, column -> column.names().get(0)));
        return new TableColumns(table, fields, Optional.empty(), List.of(), Map.of());
    }

    private SnapshotReading reading(EventReader events) {
        List<TableColumns> tables = List.of(columns(SourceTable.LOC), columns(SourceTable.STF));
        DatabaseSettings settings = new DatabaseSettings(
                "127.0.0.1",
                server.port(),
                server.database(),
                "dbo",
                server.user(),
                Secret.of(server.password()),
                Map.of("encrypt", "false"));
        Incarnation incarnation = new Incarnation("one", server.database(), "2026-07-01T08:30:00", null);
        return new SnapshotReading(
                settings, new Source(incarnation, true, false, List.of(), tables, List.of()), mapper(), events);
    }

    private static RowMapper mapper() {
        return new RowMapper(List.of(columns(SourceTable.LOC), columns(SourceTable.STF)), problem -> {
            throw new AssertionError(problem.about());
        });
    }

    private static void awaitNoRoom(SnapshotReading reading, BlockingQueue<Captured> captured) throws SQLException {
        while (captured.remainingCapacity() > 0) {
            reading.requireNoFailure();
            Thread.onSpinWait();
        }
    }

    @Test
    void rowsWaitUntilTheyAreTakenAndAreAllOfOneMoment() throws Exception {
        EventReader events = new EventReader(mapper(), ROOM);
        try (SnapshotReading reading = reading(events)) {
            reading.start(STAMP);
            awaitNoRoom(reading, events.captured());
            assertEquals(OptionalLong.of(SCHOOLS + 1), reading.counted());
            run("UPDATE dbo.STF SET LN = N'Since'");
            run("DELETE FROM dbo.LOC WHERE CD = " + SCHOOLS);

            List<Captured> read = new ArrayList<>();
            do {
                read.add(events.captured().poll(60, TimeUnit.SECONDS));
                assertTrue(events.captured().size() <= ROOM);
            } while (!(read.get(read.size() - 1) instanceof Captured.TablesRead));

            reading.requireNoFailure();
            assertEquals(SCHOOLS + 2, read.size());
            Captured.SnapshotRow last = (Captured.SnapshotRow) read.get(SCHOOLS - 1);
            assertEquals(SCHOOLS, ((School) last.row().live().orElseThrow()).getCode());
            assertEquals(STAMP, last.stamp());
            Captured.SnapshotRow staff = (Captured.SnapshotRow) read.get(SCHOOLS);
            assertEquals(
                    Optional.of("Before"), ((StaffMember) staff.row().live().orElseThrow()).getLastName());
        }
    }

    @Test
    void aReadingThatNobodyTakesRowsOfEndsWithCapture() throws Exception {
        EventReader events = new EventReader(mapper(), ROOM);
        SnapshotReading reading = reading(events);
        reading.start(STAMP);
        awaitNoRoom(reading, events.captured());
        reading.close();
        assertEquals(ROOM, events.captured().size());
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().endsWith("-tables")));
    }

    @Test
    void whatEndsTheReadingIsThrownWhereItsRowsAreTaken() throws Exception {
        run("DROP TABLE dbo.STF");
        EventReader events = new EventReader(mapper(), ROOM);
        try (SnapshotReading reading = reading(events)) {
            reading.start(STAMP);
            SQLException refused = assertThrows(SQLException.class, () -> {
                while (true) {
                    reading.requireNoFailure();
                    events.captured().poll(10, TimeUnit.MILLISECONDS);
                }
            });
            assertTrue(refused.getMessage().contains("STF"), refused.getMessage());
        }
    }

    /** A listener can lead each connection to another replica. */
    @Test
    void nothingIsReadAtAServerThatIsBehind() throws Exception {
        EventReader events = new EventReader(mapper(), ROOM);
        try (SnapshotReading reading = reading(events)) {
            reading.start(new Lsn("00000027:00000010:0001"));
            SQLException refused = assertThrows(SQLException.class, () -> {
                while (true) {
                    reading.requireNoFailure();
                    Thread.onSpinWait();
                }
            });
            assertTrue(refused.getMessage().contains("behind"), refused.getMessage());
            assertTrue(events.captured().isEmpty());
        }
    }
}
