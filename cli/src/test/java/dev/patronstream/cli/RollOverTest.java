package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import dev.patronstream.sandbox.district.AeriesTable;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.district.DistrictSettings;
import dev.patronstream.sandbox.district.DistrictSql;
import dev.patronstream.sandbox.nextyear.DatabaseTables;
import dev.patronstream.sandbox.nextyear.NextSchoolYear;
import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.oracle.JdbcTables;
import dev.patronstream.sandbox.oracle.Oracle;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.snapshotter.cut.CutFailedException;
import dev.patronstream.snapshotter.cut.FeedCutter;
import dev.patronstream.snapshotter.cut.FeedCutter.Cut;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.standin.StandInDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The yearly switch, as a district makes it: preview, a database that is not filled yet, the switch. */
class RollOverTest {

    private static final int STUDENTS = 500;
    private static final int SCHOOL_YEAR = 2026;
    private static final String NEXT = "DST27000EAGLE";
    private static final SortedMap<Integer, String> SITES =
            new District(new DistrictSettings(1, STUDENTS, SCHOOL_YEAR, District.today())).sites();

    @TempDir
    Path folder;

    private Sandbox sandbox;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxSettings.in(folder).withStudents(STUDENTS), (what, detail) -> {});
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private static Map<String, String> environment(String database) {
        return Map.of("PATRONSTREAM_SQLSERVER_DATABASE", database, "PATRONSTREAM_STATUS_PORT", "0");
    }

    private Configuration configuration(String database) {
        return ConfigurationReader.read(sandbox.configuration(), environment(database), EnumSet.allOf(Part.class));
    }

    /** Runs stages on a database until what was published of it is in the feed; returns that feed. */
    private Map<String, FeedEntry> runUntilApplied(String database, String... options) throws Exception {
        CapturedTerminal terminal = new CapturedTerminal(environment(database));
        List<String> arguments = new ArrayList<>(
                List.of("run", "--config", sandbox.configuration().toString()));
        arguments.addAll(List.of(options));
        CompletableFuture<Integer> run =
                CompletableFuture.supplyAsync(() -> terminal.run(arguments.toArray(String[]::new)));
        try {
            Cut cut = awaitCut(database, run, terminal);
            Map<String, FeedEntry> feed = new TreeMap<>();
            cut.forEach(entry -> feed.put(Keys.person(entry.getKind(), entry.getId()), entry));
            return feed;
        } finally {
            terminal.stop();
            assertEquals(0, run.get(60, TimeUnit.SECONDS), terminal.error() + terminal.out());
        }
    }

    private Cut awaitCut(String database, CompletableFuture<Integer> run, CapturedTerminal terminal) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        String last = "";
        while (System.nanoTime() < deadline && !run.isDone()) {
            try {
                Cut cut = cutter(database).cut(selection(database), Duration.ofSeconds(10));
                last = "the feed is of " + cut.epoch().getDatabase();
                if (cut.epoch().getDatabase().equals(database)) {
                    return cut;
                }
            } catch (CutFailedException notYet) {
                last = String.valueOf(notYet.getMessage());
            }
        }
        throw new AssertionError(
                "No epoch of " + database + " was applied: " + last + "\n" + terminal.error() + terminal.out());
    }

    private FeedCutter cutter(String database) {
        Configuration configuration = configuration(database);
        ClusterClients clients = Cluster.running(configuration);
        return new FeedCutter(configuration.topics(), clients.kafkaProperties(), clients.avro());
    }

    private FeedSelection selection(String database) {
        return configuration(database).deliveries().feeds().stream()
                .map(FeedSettings::selection)
                .findFirst()
                .orElseThrow();
    }

    private Connection connect(StandInDatabase database) throws SQLException {
        return DriverManager.getConnection(
                database.jdbcUrl(),
                sandbox.sqlServer().user(),
                sandbox.sqlServer().password());
    }

    private void run(StandInDatabase database, List<String> batches) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String batch : batches) {
                statement.execute(batch);
            }
        }
    }

    /** The next year's database without change data capture, with some of its students only. */
    private StandInDatabase nextYear(List<Object[]> students) throws SQLException {
        StandInDatabase next = sandbox.sqlServer().createDatabase(NEXT);
        run(next, DistrictSql.createTables());
        try (Connection thisYear = sandbox.connect()) {
            NextSchoolYear later = new NextSchoolYear(new DatabaseTables(thisYear), 1, SCHOOL_YEAR + 1);
            next.bulkLoad("LOC", AeriesTable.LOC.columns(), later.rows(AeriesTable.LOC));
            next.bulkLoad("STF", AeriesTable.STF.columns(), later.rows(AeriesTable.STF));
            later.rows(AeriesTable.STU).forEachRemaining(students::add);
        }
        next.bulkLoad("STU", AeriesTable.STU.columns(), students.subList(0, 40).iterator());
        return next;
    }

    private String preview(String... options) {
        CapturedTerminal terminal = new CapturedTerminal(environment("DST26000EAGLE"));
        List<String> arguments = new ArrayList<>(List.of("preview", "destiny", "--database", NEXT, "--config"));
        arguments.add(sandbox.configuration().toString());
        arguments.addAll(List.of(options));
        assertEquals(0, terminal.run(arguments.toArray(String[]::new)), terminal.error());
        assertEquals("", terminal.error());
        return terminal.out();
    }

    private Map<String, Long> ends() throws Exception {
        try (Admin admin =
                Admin.create(Cluster.running(configuration("DST26000EAGLE")).kafkaProperties())) {
            Set<String> topics = new TreeSet<>(admin.listTopics().names().get());
            topics.removeIf(topic -> topic.startsWith("__"));
            Map<String, Long> ends = new TreeMap<>();
            for (String topic : topics) {
                TopicPartition partition = new TopicPartition(topic, 0);
                ends.put(
                        topic,
                        admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                .partitionResult(partition)
                                .get()
                                .offset());
            }
            return ends;
        }
    }

    @Test
    void previewSaysWhatTheSwitchThenDoesAndNobodyLeavesAndComesBack() throws Exception {
        runUntilApplied("DST26000EAGLE");
        // The connector stops last, and may publish what nobody applies then.
        Map<String, FeedEntry> before = runUntilApplied("DST26000EAGLE", "--only", "streams-app");
        List<Object[]> students = new ArrayList<>();
        StandInDatabase next = nextYear(students);
        Map<String, Long> ends = ends();

        // Half filled: preview says so, run refuses; capture is not even needed for the preview.
        String early = preview();
        assertTrue(early.contains("! The roll-over does not look finished: "), early);
        run(next, DistrictSql.enableCapture(NEXT, true));
        CapturedTerminal refused = new CapturedTerminal(environment(NEXT));
        assertEquals(2, refused.run("run", "--config", sandbox.configuration().toString()));
        assertTrue(
                refused.error().contains("The roll-over does not look finished: ")
                        && refused.error().contains(" students are enrolled in " + NEXT)
                        && refused.error().contains("--accept-database " + NEXT),
                refused.error());
        assertEquals(contracts(ends), contracts(ends()), "nothing was published");

        next.bulkLoad(
                "STU",
                AeriesTable.STU.columns(),
                students.subList(40, students.size()).iterator());
        // Some have a second enrollment outside the feed, which must not take them out of it.
        run(
                next,
                List.of("INSERT INTO [dbo].[STU] ([SC], [SN], [ID], [LN], [FN], [GR], [TG], [ED], [DEL])"
                        + " SELECT 30, 90000 + 1000 * [SC] + [SN], [ID], [LN], [FN], [GR], '', '2027-08-20T00:00:00', 0"
                        + " FROM [dbo].[STU] WHERE [SC] IN (10, 20) AND [TG] = '' AND [ID] % 7 = 0"));
        ends = ends();
        String lastChange = next.history().maxLsn().orElseThrow();
        String preview = preview("--keys");
        assertEquals(ends, ends(), "preview writes to no topic");
        assertEquals(
                List.of(),
                next.history().transactionsAfter(lastChange).stream()
                        .flatMap(transaction -> transaction.changes().stream())
                        .toList(),
                "preview writes nothing to the database");

        Map<String, FeedEntry> after = runUntilApplied(NEXT);
        requireOracle(after, next);
        requirePreview(preview, before, after);
        requireNoReturn(before, after, ends.get("eagle.feed.destiny"));
    }

    private static Map<String, Long> contracts(Map<String, Long> ends) {
        Map<String, Long> contracts = new TreeMap<>(ends);
        contracts
                .keySet()
                .retainAll(Set.of(
                        "eagle.aeries.stu",
                        "eagle.aeries.loc",
                        "eagle.aeries.stf",
                        "eagle.feed.destiny",
                        "eagle.progress"));
        return contracts;
    }

    /** The feed is what the rules make of the new database, read a second time by code of its own. */
    private void requireOracle(Map<String, FeedEntry> feed, StandInDatabase next) throws SQLException {
        try (Connection connection = connect(next)) {
            ExpectedFile expected = Oracle.expected(
                    new JdbcTables(connection),
                    FeedRules.usual(SCHOOL_YEAR + 1, SITES),
                    LocalDate.now(District.TIME_ZONE));
            Set<String> persons = expected.rows().stream()
                    .map(ExpectedFile.Row::person)
                    .collect(Collectors.toCollection(TreeSet::new));
            persons.addAll(expected.leftOut().keySet());
            assertEquals(persons, feed.keySet());
            expected.rows()
                    .forEach(row -> assertEquals(
                            row.values().get(0),
                            SITES.get(feed.get(row.person())
                                    .getPrimary()
                                    .getSchoolCode()
                                    .orElseThrow()),
                            row.person()));
        }
    }

    /** What preview printed, held against what has happened since. */
    private static void requirePreview(String preview, Map<String, FeedEntry> before, Map<String, FeedEntry> after) {
        Set<String> schools = new TreeSet<>();
        before.values().forEach(entry -> schools.add(PreviewCounts.place(entry)));
        after.values().forEach(entry -> schools.add(PreviewCounts.place(entry)));
        for (String school : schools) {
            PreviewCounts counts = PreviewCounts.counts(school, before, after);
            assertEquals(counts, PreviewCounts.printed(preview, school), school + "\n" + preview);
        }
        List<String> keys = new ArrayList<>();
        after.forEach((person, entry) -> {
            if (!before.containsKey(person)) {
                keys.add("new " + person + " " + PreviewCounts.place(entry));
            } else if (!PreviewCounts.place(before.get(person)).equals(PreviewCounts.place(entry))) {
                keys.add("moves " + person + " " + PreviewCounts.place(before.get(person)) + " -> "
                        + PreviewCounts.place(entry));
            }
        });
        before.forEach((person, entry) -> {
            if (!after.containsKey(person)) {
                keys.add("leaves " + person + " " + PreviewCounts.place(entry));
            }
        });
        Collections.sort(keys);
        List<String> printed = preview.lines()
                .map(line -> line.strip().replaceAll(" +", " "))
                .filter(line -> line.matches("(new|moves|leaves) (student|staff)/.*"))
                .map(line -> line.replaceAll(" (inactive then|at a school.*|without a row)$", ""))
                .sorted()
                .toList();
        assertEquals(keys, printed);
        assertTrue(keys.size() > 50, "people move: " + keys.size());
        assertTrue(preview.contains("Of "), preview);
    }

    /** A reader of the feed looks after every record that the switch has written. */
    private void requireNoReturn(Map<String, FeedEntry> before, Map<String, FeedEntry> after, long from) {
        Map<String, List<Boolean>> seen = new TreeMap<>();
        for (ConsumerRecord<String, byte[]> record : records("eagle.feed.destiny", from)) {
            seen.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(record.value() != null);
        }
        Set<String> left = new TreeSet<>(before.keySet());
        left.removeAll(after.keySet());
        Set<String> differing = new TreeSet<>(left);
        after.forEach((person, entry) -> {
            if (!before.containsKey(person) || !sameButForTheEpoch(before.get(person), entry)) {
                differing.add(person);
            }
        });
        assertEquals(differing, seen.keySet(), "only differences are written");
        seen.forEach((person, states) ->
                assertEquals(List.of(!left.contains(person)), states, person + " is written once, as it is then"));
        assertTrue(left.size() > 10 && differing.size() < before.size() + after.size(), "left " + left.size());
    }

    private static boolean sameButForTheEpoch(FeedEntry one, FeedEntry other) {
        FeedEntry as = FeedEntry.newBuilder(other)
                .setEpoch(one.getEpoch())
                .setWatermark(one.getWatermark())
                .build();
        return one.equals(as);
    }

    private List<ConsumerRecord<String, byte[]>> records(String topic, long from) {
        Map<String, Object> properties = Cluster.running(configuration(NEXT)).kafkaProperties();
        properties.put("isolation.level", "read_committed");
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    @Test
    void theSandboxMakesTheNextYearOnceAndKeepsIt() throws Exception {
        assertEquals(NEXT, sandbox.makeNextSchoolYear());
        String made = sandbox.sqlServer()
                .database(NEXT)
                .orElseThrow()
                .history()
                .maxLsn()
                .orElseThrow();
        stop();
        start();
        assertEquals(NEXT, sandbox.makeNextSchoolYear());
        assertEquals(
                made,
                sandbox.sqlServer()
                        .database(NEXT)
                        .orElseThrow()
                        .history()
                        .maxLsn()
                        .orElseThrow());
    }
}
