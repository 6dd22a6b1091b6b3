package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.asof.DatabaseAsOf;
import dev.patronstream.connector.asof.TablesAsOf;
import dev.patronstream.connector.asof.UnreachableLsnException;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.status.Freshness;
import dev.patronstream.sandbox.district.AeriesTable;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.district.DistrictSettings;
import dev.patronstream.sandbox.district.DistrictSql;
import dev.patronstream.sandbox.life.Life;
import dev.patronstream.sandbox.life.LifeSettings;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Progress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables read now and rolled back, against the stand-in's history, which is written apart from the change tables. */
@ExtendWith(KafkaExtension.class)
class DatabaseAsOfTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 10, 1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private static TablesAsOf read(TestDistrict district, DatabaseSettings database, Lsn lsn, Duration patience)
            throws Exception {
        Position position = district.position().orElseThrow();
        return new DatabaseAsOf(database, district.settings().capture().columns(), ZoneId.of("America/Los_Angeles"))
                .read(position, lsn, patience);
    }

    private static TablesAsOf read(TestDistrict district, Lsn lsn, Duration patience) throws Exception {
        return read(district, district.settings().capture().database(), lsn, patience);
    }

    private static Lsn lastWatermark(TestDistrict district) {
        List<Progress> epochs = district.epochs();
        return new Lsn(epochs.get(epochs.size() - 1).getWatermark());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void underChangesTheTablesAreAsTheyWereAtTheLsnWithOrWithoutSnapshotIsolation(
            boolean snapshotIsolation, TestKafka kafka) throws Exception {
        try (TestDistrict district = new TestDistrict(
                directory, kafka, "asof-" + snapshotIsolation, settings -> settings.withCaptureInterval(
                                Duration.ofSeconds(1))
                        .withShuffledSequenceValues(true))) {
            for (String batch : DistrictSql.createTables()) {
                district.sql(batch);
            }
            new District(new DistrictSettings(3, 300, 2026, TODAY)).load(district.server()::bulkLoad);
            for (String batch : DistrictSql.enableCapture(district.server().database(), false)) {
                district.sql(batch);
            }
            if (!snapshotIsolation) {
                district.sql("ALTER DATABASE [" + district.server().database() + "] SET ALLOW_SNAPSHOT_ISOLATION OFF");
            }
            try (Connector connector = district.connector();
                    Life life = Life.start(LifeSettings.usual(9, 200, TODAY), district::connect, event -> {})) {
                TestDistrict.awaitStreaming(connector);
                Lsn first = lastWatermark(district);
                TestDistrict.await(connector, status -> status.counters().sourceTransactions() > 300);
                long rolledBack = 0;
                for (Lsn lsn : List.of(first, lastWatermark(district))) {
                    TablesAsOf tables = read(district, lsn, PATIENCE);
                    assertEquals(snapshotIsolation, tables.atOneMoment());
                    assertEquals(snapshotIsolation, tables.warnings().isEmpty(), tables.warnings()::toString);
                    rolledBack += tables.rolledBack();
                    requireAsInHistory(district, tables);
                }
                assertTrue(rolledBack > 100, "rows were rolled back: " + rolledBack);
                assertTrue(life.failure().isEmpty(), () -> life.failure().toString());
            }
        }
    }

    private static void requireAsInHistory(TestDistrict district, TablesAsOf tables) {
        for (SourceTable table : new CapturedColumns(Set.of(), Map.of()).tables()) {
            Map<String, Map<String, String>> expected = new TreeMap<>();
            district.server()
                    .history()
                    .tableAsOf(table.name(), tables.lsn().text())
                    .forEach(row -> {
                        if (!Boolean.TRUE.equals(row.get("DEL"))) {
                            expected.put(key(table, row), fields(table, name -> row.get(name), true));
                        }
                    });
            Map<String, Map<String, String>> found = new TreeMap<>();
            tables.rows()
                    .get(table)
                    .forEach((key, row) -> found.put(key, fields(table, field -> get(row, field), false)));
            assertTrue(expected.size() > 5, table + " has rows");
            assertEquals(expected, found, table.name());
        }
    }

    private static @Nullable Object get(IndexedRecord row, String field) {
        return row.get(row.getSchema().getField(field).pos());
    }

    private static Map<String, String> fields(
            SourceTable table, java.util.function.Function<String, @Nullable Object> values, boolean byColumn) {
        Set<String> captured = Set.copyOf(AeriesTable.valueOf(table.name()).capturedColumns(false));
        Map<String, String> fields = new TreeMap<>();
        for (ContractColumn column : table.columns()) {
            column.names().stream()
                    .filter(name -> column.group().isEmpty() && captured.contains(name))
                    .findFirst()
                    .ifPresent(name -> put(fields, column.field(), values.apply(byColumn ? name : column.field())));
        }
        return fields;
    }

    private static void put(Map<String, String> fields, String field, @Nullable Object value) {
        String text = value instanceof LocalDateTime time
                ? time.toLocalDate().toString()
                : value == null ? "" : value.toString().stripTrailing();
        if (!text.isBlank()) {
            fields.put(field, text);
        }
    }

    private static String key(SourceTable table, Map<String, @Nullable Object> row) {
        return table == SourceTable.STU
                ? row.get("SC") + "/" + row.get("SN")
                : String.valueOf(row.get(table == SourceTable.LOC ? "CD" : "ID"));
    }

    private static String lastName(TablesAsOf tables, String key) {
        return String.valueOf(get(tables.rows().get(SourceTable.STU).get(key), "lastName"));
    }

    @Test
    void aChangeThatWasReadBeforeItWasCapturedIsTakenBack(TestKafka kafka) throws Exception {
        try (TestDistrict district = small(kafka, "asof-uncaptured");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            Lsn lsn = lastWatermark(district);
            district.server().pauseCapture();
            district.rename(10, 1, "Read-Early");
            district.sql("DELETE FROM dbo.STU WHERE SN = 2");
            district.student(10, 3, "New");
            Thread reading = Thread.currentThread();
            Thread captureLater = new Thread(() -> {
                // The reading is over, and it has looked in vain for what proves that capture has passed it.
                TestDistrict.await(() -> isWaitingForCapture(reading.getStackTrace()));
                district.server().resumeCapture();
            });
            captureLater.start();
            TablesAsOf tables = read(district, lsn, PATIENCE);
            captureLater.join();
            assertEquals(
                    Set.of("10/1", "10/2"), tables.rows().get(SourceTable.STU).keySet());
            assertEquals("Garcia", lastName(tables, "10/1"));
            assertEquals(3, tables.rolledBack());
        }
    }

    private static boolean isWaitingForCapture(StackTraceElement[] stack) {
        List<String> frames = Arrays.stream(stack)
                .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                .toList();
        return frames.contains("java.lang.Thread.sleep") && frames.contains(DatabaseAsOf.class.getName() + ".cover");
    }

    private TestDistrict small(TestKafka kafka, String name) throws Exception {
        TestDistrict district = new TestDistrict(
                        directory, kafka, name, settings -> settings.withCaptureInterval(Duration.ofMillis(500)))
                .withTables();
        district.student(10, 1, "Garcia");
        district.student(10, 2, "Nguyen");
        return district;
    }

    @Test
    void aStalledCaptureJobIsNamed(TestKafka kafka) throws Exception {
        try (TestDistrict district = small(kafka, "asof-stalled");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            Lsn lsn = lastWatermark(district);
            district.server().pauseCapture();
            TestDistrict.await(connector, status -> status.freshness().state() == Freshness.State.STALLED);
            UnreachableLsnException stalled =
                    assertThrows(UnreachableLsnException.class, () -> read(district, lsn, Duration.ofSeconds(1)));
            assertTrue(
                    stalled.getMessage().contains("has not provably passed the time of reading"), stalled.getMessage());
            assertTrue(
                    stalled.getMessage().contains("the capture job has not finished a scan since"),
                    stalled.getMessage());
            assertTrue(stalled.getMessage().contains("Put that right"), stalled.getMessage());
            district.server().resumeCapture();
            assertEquals(
                    Set.of("10/1", "10/2"),
                    read(district, lsn, PATIENCE).rows().get(SourceTable.STU).keySet());
        }
    }

    @Test
    void changesThatTheCleanUpHasTakenAreNamed(TestKafka kafka) throws Exception {
        try (TestDistrict district = small(kafka, "asof-cleaned");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            Lsn lsn = lastWatermark(district);
            district.rename(10, 1, "Later");
            district.awaitNames(Map.of("10/1", "Later", "10/2", "Nguyen"));
            district.server()
                    .cleanUp(district.students().stream()
                            .reduce((one, other) -> other)
                            .orElseThrow()
                            .lsn());
            UnreachableLsnException cleaned =
                    assertThrows(UnreachableLsnException.class, () -> read(district, lsn, PATIENCE));
            assertTrue(
                    cleaned.getMessage().startsWith("The change table of STU cannot take the database back to " + lsn));
            assertTrue(cleaned.getMessage().contains("let them catch up, and audit again"), cleaned.getMessage());
            assertEquals("Later", lastName(read(district, lastWatermark(district), PATIENCE), "10/1"));
        }
    }

    @Test
    void anotherLifeOfTheDatabaseIsNamed(TestKafka kafka) throws Exception {
        try (TestDistrict district = small(kafka, "asof-restored");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            Lsn ahead = new Lsn("7fffffff:00000000:0001");
            UnreachableLsnException restored =
                    assertThrows(UnreachableLsnException.class, () -> read(district, ahead, PATIENCE));
            assertTrue(restored.getMessage().contains("was restored"), restored.getMessage());

            Position here = district.position().orElseThrow();
            Position elsewhere = Position.of(new String(here.bytes(), StandardCharsets.UTF_8)
                    .replace("DST26000EAGLE", "DST25000EAGLE")
                    .getBytes(StandardCharsets.UTF_8));
            assertNotEquals(here.incarnation(), elsewhere.incarnation());
            UnreachableLsnException other = assertThrows(UnreachableLsnException.class, () -> new DatabaseAsOf(
                            district.settings().capture().database(),
                            district.settings().capture().columns(),
                            ZoneId.of("America/Los_Angeles"))
                    .read(elsewhere, here.watermarkLsn(), PATIENCE));
            assertTrue(other.getMessage().contains("another database"), other.getMessage());
            assertFalse(other.getMessage().contains("Garcia"));
        }
    }
}
