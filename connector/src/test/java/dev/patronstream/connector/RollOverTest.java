package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import dev.patronstream.connector.DistrictLifeTest.State;
import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.sandbox.district.AeriesTable;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.district.DistrictSettings;
import dev.patronstream.sandbox.district.DistrictSql;
import dev.patronstream.sandbox.nextyear.NextSchoolYear;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.standin.SourceHistory;
import dev.patronstream.standin.StandInDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From one school year's database to the next. */
@ExtendWith(KafkaExtension.class)
@Tag("faults")
class RollOverTest {

    private static final String THIS_YEAR = "DST25000EAGLE";
    private static final String NEXT_YEAR = "DST26000EAGLE";
    private static final int STUDENTS = 600;
    private static final District DISTRICT =
            new District(new DistrictSettings(5, STUDENTS, 2025, LocalDate.of(2026, 6, 1)));
    private static final NextSchoolYear LATER = new NextSchoolYear(DISTRICT::rows, 5, 2026);

    @TempDir
    Path directory;

    private static void run(TestDistrict district, String url, List<String> batches) throws SQLException {
        Properties properties = new Properties();
        properties.put("user", district.server().user());
        properties.put("password", district.server().password());
        try (Connection connection = new SQLServerDriver().connect(url, properties);
                Statement statement = connection.createStatement()) {
            for (String batch : batches) {
                statement.execute(batch);
            }
        }
    }

    /** This year's database, captured once. */
    private TestDistrict captured(TestKafka kafka, String name) throws SQLException {
        TestDistrict district = new TestDistrict(directory, kafka, name, settings -> settings.withDatabase(THIS_YEAR)
                .withCaptureInterval(Duration.ofMillis(200)));
        String url = district.server().jdbcUrl();
        run(district, url, DistrictSql.createTables());
        DISTRICT.load(district.server()::bulkLoad);
        run(district, url, DistrictSql.enableCapture(THIS_YEAR, false));
        try (Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
        }
        return district;
    }

    private static StandInDatabase nextYear(TestDistrict district) throws SQLException {
        StandInDatabase next = district.server().createDatabase(NEXT_YEAR);
        run(district, next.jdbcUrl(), DistrictSql.createTables());
        run(district, next.jdbcUrl(), DistrictSql.enableCapture(NEXT_YEAR, false));
        return next;
    }

    private static ConnectorSettings settings(TestDistrict district, String database) {
        return settings(district, database, UnaryOperator.identity());
    }

    private static ConnectorSettings settings(
            TestDistrict district, String database, UnaryOperator<CaptureSettings.Limits> limits) {
        return settings(district, database, limits, Optional.empty());
    }

    private static ConnectorSettings settings(
            TestDistrict district,
            String database,
            UnaryOperator<CaptureSettings.Limits> limits,
            Optional<String> accepted) {
        ConnectorSettings usual = district.settings();
        return new ConnectorSettings(
                usual.topics(),
                usual.topicSettings(),
                usual.kafka(),
                usual.serdes(),
                new CaptureSettings(
                        district.database(database, district.server().password()),
                        usual.capture().columns(),
                        usual.capture().timeZone(),
                        limits.apply(usual.capture().limits()),
                        usual.capture().engine()),
                accepted);
    }

    private static void captureUpToNow(TestDistrict district, String database) {
        try (Connector connector = TestDistrict.start(new Connector(settings(district, database)))) {
            TestDistrict.awaitStreaming(connector);
        }
    }

    private static String refusal(ConnectorSettings settings) {
        try (Connector connector = TestDistrict.start(new Connector(settings))) {
            TestDistrict.await(() -> connector.failure().isPresent());
            return String.valueOf(connector.failure().orElseThrow().getMessage());
        }
    }

    /** What the database holds, by table and key. */
    private static Map<String, State> rows(SourceHistory history) {
        Map<String, State> rows = new TreeMap<>();
        String now = history.maxLsn().orElseThrow();
        for (SourceTable table : new CapturedColumns(Set.of(), Map.of()).tables()) {
            history.tableAsOf(table.name(), now).forEach(row -> {
                State state = DistrictLifeTest.expected(table, row);
                if (state.fields() != null) {
                    rows.put(table + " " + DistrictLifeTest.key(table, row), state);
                }
            });
        }
        return rows;
    }

    private record Written(String key, State state) {}

    /** Every record of the contract topics after some, in order. */
    private static List<Written> written(TestDistrict district, Map<String, Long> after) {
        List<Written> written = new ArrayList<>();
        try (CommittedTopics reader = new CommittedTopics(district.kafkaProperties())) {
            for (SourceTable table : new CapturedColumns(Set.of(), Map.of()).tables()) {
                String topic = table.topic(district.topics());
                var rows = district.serdes().deserializer(table.contract());
                reader.read(topic, RecordForm.ANY, committed -> {
                    if (committed.offset() >= after.getOrDefault(topic, 0L)) {
                        State state = committed.isDeletion()
                                ? new State(null)
                                : DistrictLifeTest.published(
                                        table,
                                        rows.deserialize(
                                                topic, committed.value().orElseThrow()));
                        written.add(new Written(table + " " + committed.key(), state));
                    }
                });
            }
        }
        return written;
    }

    /** What the topics hold, by table and key. */
    private static Map<String, State> held(TestDistrict district) {
        Map<String, State> held = new TreeMap<>();
        written(district, Map.of()).forEach(record -> {
            held.remove(record.key());
            if (record.state().fields() != null) {
                held.put(record.key(), record.state());
            }
        });
        return held;
    }

    private static Map<String, Long> ends(TestDistrict district) {
        Map<String, Long> ends = new TreeMap<>();
        List<String> topics = new ArrayList<>(district.topics().contracts());
        topics.add(district.topics().progress());
        try (CommittedTopics reader = new CommittedTopics(district.kafkaProperties())) {
            topics.forEach(topic -> ends.put(topic, reader.end(topic)));
        }
        return ends;
    }

    /** Names the first keys that differ, rather than all rows. */
    private static void assertSame(Map<String, State> expected, Map<String, State> actual) {
        Set<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        assertEquals(
                List.of(),
                keys.stream()
                        .filter(key -> !Objects.equals(expected.get(key), actual.get(key)))
                        .limit(5)
                        .toList());
    }

    @Test
    void aRollOverWritesJustTheDifferencesAsOneEpoch(TestKafka kafka) throws Exception {
        try (TestDistrict district = captured(kafka, "rollover")) {
            StandInDatabase next = nextYear(district);
            LATER.load(next::bulkLoad);
            Map<String, State> before = held(district);
            assertSame(rows(district.server().history()), before);
            Map<String, Long> ends = ends(district);
            int epochs = district.epochs().size();

            captureUpToNow(district, NEXT_YEAR);

            Map<String, State> after = rows(next.history());
            assertSame(after, held(district));
            Set<String> differing = new TreeSet<>(before.keySet());
            differing.addAll(after.keySet());
            differing.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
            List<String> keys =
                    written(district, ends).stream().map(Written::key).toList();
            assertEquals(differing.size(), keys.size(), "one record per difference");
            assertEquals(differing, new TreeSet<>(keys));
            assertTrue(
                    differing.stream().noneMatch(key -> key.startsWith("LOC"))
                            && differing.stream()
                                                    .filter(key -> key.startsWith("STF"))
                                                    .count()
                                            * 2
                                    < after.keySet().stream()
                                            .filter(key -> key.startsWith("STF"))
                                            .count(),
                    "schools and most of the staff are as they were");
            long gone = before.keySet().stream()
                    .filter(key -> key.startsWith("STU") && !after.containsKey(key))
                    .count();
            assertTrue(gone > before.size() / 10, "more rows went than a snapshot may remove: " + gone);

            List<Progress> since =
                    district.epochs().subList(epochs, district.epochs().size());
            assertEquals(EpochCause.SNAPSHOT, since.get(0).getCause());
            assertEquals(
                    Set.of(NEXT_YEAR), since.stream().map(Progress::getDatabase).collect(Collectors.toSet()));
            assertEquals(
                    Set.of(THIS_YEAR),
                    district.epochs().subList(0, epochs).stream()
                            .map(Progress::getDatabase)
                            .collect(Collectors.toSet()));
            assertEquals(
                    IntStream.rangeClosed(1, district.epochs().size())
                            .mapToObj(Long::valueOf)
                            .toList(),
                    district.epochs().stream().map(Progress::getEpoch).toList());

            // Life goes on there, over restarts, without another snapshot.
            run(
                    district,
                    next.jdbcUrl(),
                    List.of(
                            "UPDATE [dbo].[STU] SET [GR] = 3 WHERE [SC] = 31 AND [SN] = 1",
                            "UPDATE [dbo].[LOC] SET [NM] = N'Harbor School' WHERE [CD] = 31"));
            Map<String, Long> rolledOver = ends(district);
            try (Connector connector = TestDistrict.start(new Connector(settings(district, NEXT_YEAR)))) {
                TestDistrict.await(connector, status -> status.counters().rows() >= 2);
            }
            assertEquals(
                    Set.of("STU 31/1", "LOC 31"),
                    written(district, rolledOver).stream().map(Written::key).collect(Collectors.toSet()));
            assertSame(rows(next.history()), held(district));

            // Last year's configuration on a machine that was forgotten must not turn the clock back.
            Map<String, Long> now = ends(district);
            String message = refusal(settings(district, THIS_YEAR));
            assertTrue(message.contains("DST25000EAGLE is of 2025-26") && message.contains("2026-27"), message);
            assertTrue(message.contains("--accept-database DST25000EAGLE"), message);
            assertEquals(now, ends(district));
        }
    }

    @Test
    void aHalfFilledDatabaseIsRefusedAndNothingIsChanged(TestKafka kafka) throws Exception {
        try (TestDistrict district = captured(kafka, "halffilled")) {
            StandInDatabase next = nextYear(district);
            List<Object[]> students = new ArrayList<>();
            LATER.rows(AeriesTable.STU).forEachRemaining(students::add);
            for (AeriesTable table : List.of(AeriesTable.LOC, AeriesTable.STF)) {
                next.bulkLoad(table.name(), table.columns(), LATER.rows(table));
            }
            next.bulkLoad(
                    "STU", AeriesTable.STU.columns(), students.subList(0, 60).iterator());
            long enrolled = enrolled(students.subList(0, 60).iterator());
            long before = enrolled(DISTRICT.rows(AeriesTable.STU));
            Map<String, Long> ends = ends(district);

            String message = refusal(settings(district, NEXT_YEAR));
            assertTrue(
                    message.startsWith("The roll-over does not look finished: " + enrolled + " of " + before
                            + " students are enrolled in DST26000EAGLE. Nothing was changed."),
                    message);
            assertEquals(ends, ends(district));

            // A person who insists gets past this, and is still asked before a tenth of the district goes.
            String advised = message.replaceFirst("(?s).*start with --accept-database ", "");
            ConnectorSettings insisting = settings(district, NEXT_YEAR, UnaryOperator.identity(), Optional.of(advised));
            try (Connector connector = TestDistrict.start(new Connector(insisting))) {
                TestDistrict.await(connector, status -> status.state() instanceof ConnectorStatus.Held);
                String held = connector.status().state().inWords();
                assertTrue(held.contains("of " + before + " enrolled students"), held);
            }
            assertEquals(
                    Set.of(THIS_YEAR),
                    district.epochs().stream().map(Progress::getDatabase).collect(Collectors.toSet()));

            next.bulkLoad(
                    "STU",
                    AeriesTable.STU.columns(),
                    students.subList(60, students.size()).iterator());
            captureUpToNow(district, NEXT_YEAR);
            assertSame(rows(next.history()), held(district));
        }
    }

    private static long enrolled(Iterator<Object[]> rows) {
        List<String> columns = AeriesTable.STU.columns();
        Set<Object> ids = new TreeSet<>();
        rows.forEachRemaining(row -> {
            Object tag = row[columns.indexOf("TG")];
            boolean live = !Boolean.TRUE.equals(row[columns.indexOf("DEL")]);
            if (live && (tag == null || Set.of("", "*").contains(tag.toString().strip()))) {
                ids.add(row[columns.indexOf("ID")]);
            }
        });
        return ids.size();
    }

    @Test
    void aRollOverThatWasBrokenOffCanBeTakenBackOrFinished(TestKafka kafka) throws Exception {
        try (TestDistrict district = captured(kafka, "brokenoff")) {
            StandInDatabase next = nextYear(district);
            LATER.load(next::bulkLoad);
            next.scanNow();
            // Without another scan the snapshot's reading is never proven to be covered, so its epoch cannot end.
            next.pauseCapture();
            ConnectorSettings inParts = settings(district, NEXT_YEAR, limits -> TestLimits.withMaxRows(limits, 50));
            for (int i = 0; i < 2; i++) {
                try (Connector connector = TestDistrict.start(new Connector(inParts))) {
                    TestDistrict.await(
                            connector,
                            status -> status.state() instanceof ConnectorStatus.Snapshotting reading
                                    && reading.readingEnded());
                }
                assertTrue(
                        district.position().orElseThrow().unfinishedSnapshot().isPresent());
            }
            assertFalse(held(district).equals(rows(district.server().history())), "parts of the new year are written");

            captureUpToNow(district, THIS_YEAR);
            assertSame(rows(district.server().history()), held(district));
            assertEquals(
                    Set.of(THIS_YEAR),
                    district.epochs().stream().map(Progress::getDatabase).collect(Collectors.toSet()));

            next.resumeCapture();
            captureUpToNow(district, NEXT_YEAR);
            assertSame(rows(next.history()), held(district));
        }
    }
}
