package dev.patronstream.sandbox.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.sandbox.district.AeriesTable;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.district.DistrictDatabase;
import dev.patronstream.sandbox.district.DistrictSettings;
import dev.patronstream.sandbox.district.JdbcRowSink;
import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.oracle.HistoricTables;
import dev.patronstream.sandbox.oracle.JdbcTables;
import dev.patronstream.sandbox.oracle.Oracle;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifeTest {

    private static final FeedRules FEED = FeedRules.usual(2026, Map.of(10, "EAGLEHS", 20, "EAGLEMS"));

    @TempDir
    Path directory;

    @Test
    void everyKindOfEventHappensAndIsHeardOfOnceCommitted() throws Exception {
        try (DistrictDatabase database = new DistrictDatabase(directory, 400)) {
            Map<LifeKind, Integer> evenly = new EnumMap<>(LifeKind.class);
            for (LifeKind kind : LifeKind.values()) {
                evenly.put(kind, 1);
            }
            List<LifeEvent> heard = Collections.synchronizedList(new ArrayList<>());
            LifeSettings settings =
                    LifeSettings.usual(3, 500, DistrictDatabase.TODAY).withWeights(evenly);
            try (Life life = Life.start(settings, database::connect, heard::add)) {
                awaitOrFail(life, () -> life.counts().size() == LifeKind.values().length);
                life.close();
                assertEquals(
                        life.total() - life.counts().get(LifeKind.ROLLED_BACK),
                        heard.size(),
                        "all but what was rolled back");
            }
            assertTrue(heard.stream().noneMatch(event -> event.kind() == LifeKind.ROLLED_BACK));
        }
    }

    @Test
    void sameSeedOnTheSameTablesGivesTheSameEvents() throws Exception {
        List<LifeEvent> first;
        List<LifeEvent> second;
        try (DistrictDatabase database = new DistrictDatabase(directory.resolve("one"), 250)) {
            first = events(database, 5, 300);
        }
        try (DistrictDatabase database = new DistrictDatabase(directory.resolve("two"), 250)) {
            second = events(database, 5, 300);
        }
        assertEquals(first, second);
        assertTrue(first.stream().map(LifeEvent::kind).distinct().count() > 10);
    }

    @Test
    void rolledBackWorkLeavesNoTrace() throws Exception {
        try (DistrictDatabase database = new DistrictDatabase(directory, 250);
                Connection connection = database.connect()) {
            ExpectedFile before = Oracle.expected(new JdbcTables(connection), FEED, DistrictDatabase.TODAY);
            LifeSettings settings =
                    LifeSettings.usual(3, 200, DistrictDatabase.TODAY).withWeights(Map.of(LifeKind.ROLLED_BACK, 1));
            try (Life life = Life.start(settings, database::connect, event -> {
                throw new AssertionError("heard of " + event);
            })) {
                awaitOrFail(life, () -> life.total() >= 20);
            }
            assertEquals(before, Oracle.expected(new JdbcTables(connection), FEED, DistrictDatabase.TODAY));
        }
    }

    /** The thresholds of the sandbox's feed: removed, added, transferred 10 %, changed 75 %, removed per site 20 %. */
    @Test
    void longLifeStaysUnderTheThresholdsOfADelivery() throws Exception {
        try (DistrictDatabase database = new DistrictDatabase(directory, 2000);
                Connection connection = database.connect()) {
            ExpectedFile before = Oracle.expected(new JdbcTables(connection), FEED, DistrictDatabase.TODAY);
            int size = before.rows().size();
            assertTrue(size > 800, "a feed worth speaking of: " + size);
            for (int round = 0; round < 4; round++) {
                events(database, round, 1000);
                ExpectedFile after = Oracle.expected(new JdbcTables(connection), FEED, DistrictDatabase.TODAY);
                Difference difference = Difference.of(before, after);
                String shown = difference + " of " + size + " after " + (round + 1) * 1000 + " events";
                assertTrue(difference.removed < size / 10, shown);
                assertTrue(difference.added < size / 10, shown);
                assertTrue(difference.transferred < size / 10, shown);
                assertTrue(difference.changed < size * 3 / 4, shown);
                assertTrue(difference.mostRemovedPerSitePercent < 20, shown);
                assertTrue(difference.transferred > 0 && difference.added > 0 && difference.removed > 0, shown);
            }
        }
    }

    @Test
    void historyGivesEveryPastFileAsItWas() throws Exception {
        try (DistrictDatabase database = new DistrictDatabase(directory, 400);
                Connection connection = database.connect()) {
            Map<String, ExpectedFile> past = new LinkedHashMap<>();
            for (int round = 0; round < 5; round++) {
                events(database, round, 60);
                past.put(
                        database.history().maxLsn().orElseThrow(),
                        Oracle.expected(new JdbcTables(connection), FEED, DistrictDatabase.TODAY));
            }
            assertEquals(5, past.values().stream().distinct().count(), "files that differ");
            past.forEach((lsn, file) -> assertEquals(
                    file,
                    Oracle.expected(new HistoricTables(database.history(), lsn), FEED, DistrictDatabase.TODAY),
                    lsn));
        }
    }

    @Test
    void rowsInsertedThroughJdbcAreTheSameAsThoseLoadedInBulk() throws Exception {
        try (DistrictDatabase database = new DistrictDatabase(directory, 300);
                Connection connection = database.connect()) {
            Map<AeriesTable, List<Map<String, Object>>> bulk = content(connection);
            for (AeriesTable table : AeriesTable.values()) {
                connection.createStatement().execute("DELETE FROM [dbo].[" + table + "]");
            }
            new District(new DistrictSettings(7, 300, 2026, DistrictDatabase.TODAY)).load(new JdbcRowSink(connection));
            assertEquals(bulk, content(connection));
        }
    }

    private static Map<AeriesTable, List<Map<String, Object>>> content(Connection connection) {
        Map<AeriesTable, List<Map<String, Object>>> content = new EnumMap<>(AeriesTable.class);
        for (AeriesTable table : AeriesTable.values()) {
            List<Map<String, Object>> rows = new ArrayList<>();
            new JdbcTables(connection).read(table.name(), row -> rows.add(new HashMap<>(row)));
            rows.sort(Comparator.comparing(row -> row.get("SC") + "/" + row.get("SN") + row.get("ID") + row.get("CD")));
            content.put(table, rows);
        }
        return content;
    }

    @Test
    void lifeWaitsForTheDatabaseAndGoesOn() throws Exception {
        try (DistrictDatabase database = new DistrictDatabase(directory, 250)) {
            LifeSettings settings = LifeSettings.usual(3, 100, DistrictDatabase.TODAY);
            try (Life life = Life.start(settings, database::connect, event -> {})) {
                awaitOrFail(life, () -> life.total() >= 20);
                database.stop();
                database.startAgain();
                long before = life.total();
                awaitOrFail(life, () -> life.total() >= before + 20);
            }
        }
    }

    @Test
    void emptyDistrictHasNoLifeUntilThereIsASchool() throws Exception {
        try (DistrictDatabase database = new DistrictDatabase(directory, 0);
                Connection connection = database.connect();
                Life life = Life.start(
                        LifeSettings.usual(3, 100, DistrictDatabase.TODAY), database::connect, event -> {})) {
            connection
                    .createStatement()
                    .execute("INSERT INTO LOC (CD, NM, TG, LO, HI) VALUES (10, N'Eagle High', ' ', 9, 12)");
            awaitOrFail(life, () -> life.counts().containsKey(LifeKind.ENROLLED));
        }
    }

    @Test
    void refusedWorkEndsLifeAndIsNotSwallowed() throws Exception {
        try (DistrictDatabase database = new DistrictDatabase(directory, 250);
                Connection connection = database.connect()) {
            try (Life life =
                    Life.start(LifeSettings.usual(3, 100, DistrictDatabase.TODAY), database::connect, event -> {})) {
                awaitOrFail(life, () -> life.total() > 0);
                connection
                        .createStatement()
                        .execute("EXEC sys.sp_cdc_disable_table @source_schema = N'dbo',"
                                + " @source_name = N'STU', @capture_instance = N'all'");
                connection.createStatement().execute("DROP TABLE [dbo].[STU]");
                await(() -> life.failure().isPresent());
                assertEquals(208, life.failure().map(SQLException::getErrorCode).orElse(0), "invalid object name");
            }
        }
    }

    private static List<LifeEvent> events(DistrictDatabase database, long seed, int count) throws SQLException {
        List<LifeEvent> events = new ArrayList<>();
        try (Connection connection = database.connect()) {
            SchoolOffices offices = new SchoolOffices(connection, LifeSettings.usual(seed, 1, DistrictDatabase.TODAY));
            for (int i = 0; events.size() < count; i++) {
                Optional<LifeEvent> event = offices.next(new SplittableRandom(seed * 7919 + i));
                event.ifPresent(events::add);
            }
        }
        return events;
    }

    private record Difference(int added, int removed, int transferred, int changed, long mostRemovedPerSitePercent) {

        static Difference of(ExpectedFile before, ExpectedFile after) {
            Map<String, List<String>> old = byPerson(before);
            Map<String, List<String>> now = byPerson(after);
            Map<String, Integer> perSite = new HashMap<>();
            Map<String, Integer> removedPerSite = new HashMap<>();
            int removed = 0;
            int transferred = 0;
            int changed = 0;
            for (Map.Entry<String, List<String>> entry : old.entrySet()) {
                List<String> row = now.get(entry.getKey());
                String site = entry.getValue().get(0);
                perSite.merge(site, 1, Integer::sum);
                if (row == null) {
                    removed++;
                    removedPerSite.merge(site, 1, Integer::sum);
                } else if (!row.get(0).equals(site)) {
                    transferred++;
                } else if (!row.equals(entry.getValue())) {
                    changed++;
                }
            }
            int added = (int) now.keySet().stream()
                    .filter(person -> !old.containsKey(person))
                    .count();
            long worst = removedPerSite.entrySet().stream()
                    .mapToLong(site -> site.getValue() * 100L / perSite.get(site.getKey()))
                    .max()
                    .orElse(0);
            return new Difference(added, removed, transferred, changed, worst);
        }

        private static Map<String, List<String>> byPerson(ExpectedFile file) {
            Map<String, List<String>> rows = new HashMap<>();
            file.rows().forEach(row -> rows.put(row.person(), row.values()));
            return rows;
        }
    }

    private static void awaitOrFail(Life life, BooleanSupplier condition) throws InterruptedException {
        await(() -> condition.getAsBoolean() || life.failure().isPresent());
        assertEquals(Optional.empty(), life.failure());
        assertTrue(condition.getAsBoolean());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.getAsBoolean()) {
            assertTrue(Instant.now().isBefore(deadline), "waited in vain");
            Thread.sleep(20);
        }
    }
}
