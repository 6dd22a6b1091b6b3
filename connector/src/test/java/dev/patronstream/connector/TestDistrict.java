package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.check.CaptureSettings.Limits;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.check.Polling;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.SnapshotTaken;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.RecordHeaders;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.standin.SqlServerStandIn;
import dev.patronstream.standin.StandInSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** A small district on a stand-in of its own: tables, capture, and what the topics show of it. */
final class TestDistrict implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(200);

    private final Path files;
    private final String bootstrapServers;
    private final String registryUrl;
    private final Topics topics;
    private @Nullable SqlServerStandIn standIn;
    private @Nullable StandInSettings standInSettings;
    private TestServer server;
    private Connection connection;

    /** A record of the STU topic: key, last name (null for a tombstone), commit LSN, epoch. */
    record Seen(String key, String lastName, String lsn, long epoch, long offset) {}

    TestDistrict(Path directory, TestKafka kafka, String name, UnaryOperator<StandInSettings> adjust)
            throws SQLException {
        this(directory, kafka.bootstrapServers(), kafka.registry().url(), name, adjust);
    }

    TestDistrict(
            Path directory,
            String bootstrapServers,
            String registryUrl,
            String name,
            UnaryOperator<StandInSettings> adjust)
            throws SQLException {
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
        this.topics = new Topics(name);
        this.files = directory.resolve("sqlserver");
        SqlServerStandIn started = SqlServerStandIn.start(adjust.apply(StandInSettings.in(files)));
        this.standIn = started;
        this.standInSettings = adjust.apply(StandInSettings.in(files)).withPort(started.port());
        this.server = TestServer.of(started);
        this.connection = connect();
    }

    /** A district in a database of another server. */
    TestDistrict(TestKafka kafka, String name, TestServer server) throws SQLException {
        this.bootstrapServers = kafka.bootstrapServers();
        this.registryUrl = kafka.registry().url();
        this.topics = new Topics(name);
        this.files = Path.of("");
        this.server = server;
        this.connection = connect();
    }

    /** Keeps the database as it is now; the server is away for a moment. */
    Path backUp(Path backup) throws Exception {
        stopServer();
        copy(files, backup);
        startServer();
        return backup;
    }

    /** Puts the database back to what it was. */
    void restore(Path backup) throws Exception {
        stopServer();
        delete(files);
        copy(backup, files);
        startServer();
    }

    void stopServer() throws SQLException {
        connection.close();
        server().close();
    }

    void startServer() throws SQLException {
        standIn = SqlServerStandIn.start(Objects.requireNonNull(standInSettings));
        connection = connect();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.put("user", server.user());
        properties.put("password", server.password());
        return new SQLServerDriver().connect(server.jdbcUrl(), properties);
    }

    /** Makes the three tables and enables capture of them. */
    TestDistrict withTables() throws SQLException {
        withTablesOnly();
        enableCapture();
        return this;
    }

    /** Makes the three tables, in a database without change data capture. */
    TestDistrict withTablesOnly() throws SQLException {
        sql("CREATE TABLE dbo.STU (SC int NOT NULL, SN int NOT NULL, ID int NOT NULL, LN varchar(50), FN varchar(40),"
                + " MN varchar(30), SX char(1), GR smallint, TG char(1), SP char(1), CU int, SEM varchar(60),"
                + " NID varchar(40), ED datetime, LD datetime, U1 varchar(10), DEL bit,"
                + " CONSTRAINT PK_STU PRIMARY KEY (SC, SN))");
        sql("CREATE TABLE dbo.LOC (CD int NOT NULL PRIMARY KEY, NM varchar(40), TG char(1), LO smallint, HI smallint,"
                + " DEL bit)");
        sql("CREATE TABLE dbo.STF (ID int NOT NULL PRIMARY KEY, LN varchar(50), FN varchar(40), EM varchar(60),"
                + " PSC int, TG char(1), HD datetime, LD datetime, DEL bit)");
        sql("ALTER DATABASE [" + server.database() + "] SET ALLOW_SNAPSHOT_ISOLATION ON");
        return this;
    }

    void enableCapture() throws SQLException {
        sql("EXEC sys.sp_cdc_enable_db");
        for (String table : List.of("STU", "LOC", "STF")) {
            sql("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'" + table
                    + "', @role_name = NULL");
        }
    }

    void sql(String statement) throws SQLException {
        try (Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    void student(int school, int number, String lastName) throws SQLException {
        sql("INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, TG, DEL) VALUES (" + school + ", " + number + ", "
                + (99_400_000 + number) + ", N'" + lastName + "', N'Ana', 9, ' ', 0)");
    }

    void rename(int school, int number, String lastName) throws SQLException {
        sql("UPDATE dbo.STU SET LN = N'" + lastName + "' WHERE SC = " + school + " AND SN = " + number);
    }

    /** Runs statements in one transaction. */
    void transaction(String... statements) throws SQLException {
        connection.setAutoCommit(false);
        try {
            for (String statement : statements) {
                sql(statement);
            }
            connection.commit();
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** The stand-in; a test that turns its knobs is left out on any other server. */
    SqlServerStandIn server() {
        if (standIn == null) {
            throw new TestAbortedException("needs what only the stand-in lets one do");
        }
        return standIn;
    }

    Topics topics() {
        return topics;
    }

    Map<String, String> kafkaProperties() {
        return Map.of("bootstrap.servers", bootstrapServers);
    }

    ConnectorSettings settings() {
        return new ConnectorSettings(
                topics,
                TopicSettings.SINGLE_BROKER,
                kafkaProperties(),
                Map.of("schema.registry.url", registryUrl),
                new CaptureSettings(
                        database(server.database(), server.password()),
                        new CapturedColumns(Set.of(), Map.of()),
                        ZoneId.of("America/Los_Angeles"),
                        TestLimits.withFreshnessInterval(
                                TestLimits.withPollInterval(Limits.usual(), Duration.ofMillis(100)),
                                Duration.ofMillis(500)),
                        Map.of()),
                Optional.empty());
    }

    DatabaseSettings database(String name, String password) {
        return database(name, password, server.port());
    }

    DatabaseSettings database(String name, String password, int port) {
        return new DatabaseSettings(
                server.host(), port, name, "dbo", server.user(), Secret.of(password), server.driver());
    }

    ConnectorSettings settings(UnaryOperator<Limits> limits, Map<String, String> engine) {
        ConnectorSettings usual = settings();
        return new ConnectorSettings(
                usual.topics(),
                usual.topicSettings(),
                usual.kafka(),
                usual.serdes(),
                new CaptureSettings(
                        usual.capture().database(),
                        usual.capture().columns(),
                        usual.capture().timeZone(),
                        limits.apply(usual.capture().limits()),
                        engine),
                Optional.empty());
    }

    /** The same settings, with another way to the database. */
    ConnectorSettings through(DatabaseSettings database) {
        ConnectorSettings usual = settings();
        return new ConnectorSettings(
                usual.topics(),
                usual.topicSettings(),
                usual.kafka(),
                usual.serdes(),
                new CaptureSettings(
                        database,
                        usual.capture().columns(),
                        usual.capture().timeZone(),
                        usual.capture().limits(),
                        usual.capture().engine()),
                Optional.empty());
    }

    /** The same settings, with polling in place of change data capture. */
    ConnectorSettings polled(Duration every) {
        return polled(
                Polling.every(every),
                UnaryOperator.identity(),
                settings().capture().database());
    }

    ConnectorSettings polled(Polling how, UnaryOperator<Limits> limits, DatabaseSettings database) {
        ConnectorSettings usual = settings();
        return new ConnectorSettings(
                usual.topics(),
                usual.topicSettings(),
                usual.kafka(),
                usual.serdes(),
                new CaptureSettings(
                        database,
                        usual.capture().columns(),
                        usual.capture().timeZone(),
                        limits.apply(usual.capture().limits()),
                        Optional.of(how),
                        Map.of()),
                Optional.empty());
    }

    Connector connector() {
        return start(new Connector(settings()));
    }

    static Connector start(Connector connector) {
        connector.start();
        return connector;
    }

    AvroSerdes serdes() {
        return new AvroSerdes(Map.of("schema.registry.url", registryUrl));
    }

    private CommittedTopics reader() {
        return new CommittedTopics(kafkaProperties());
    }

    /** Every committed record of the STU topic, in order. */
    List<Seen> students() {
        var rows = serdes().deserializer(Enrollment.class);
        List<Seen> seen = new ArrayList<>();
        try (CommittedTopics reader = reader()) {
            reader.read(topics.enrollments(), RecordForm.ANY, committed -> {
                Optional<Enrollment> row = committed.value().map(value -> rows.deserialize(committed.topic(), value));
                String lsn = new String(
                        committed.headers().lastHeader(RecordHeaders.LSN).value(), StandardCharsets.UTF_8);
                long epoch = Long.parseLong(new String(
                        committed.headers().lastHeader(RecordHeaders.EPOCH).value(), StandardCharsets.UTF_8));
                seen.add(new Seen(
                        committed.key(),
                        row.flatMap(Enrollment::getLastName).orElse(null),
                        lsn,
                        epoch,
                        committed.offset()));
            });
        }
        return seen;
    }

    /** Whether anything is committed in the STU topic, or the topic is there at all. */
    boolean hasStudents() {
        try (Admin admin = Admin.create(new HashMap<>(kafkaProperties()))) {
            return admin.listTopics().names().get().contains(topics.enrollments())
                    && !students().isEmpty();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The last state of each row in the STU topic, whole. */
    Map<String, Enrollment> enrollments() {
        var rows = serdes().deserializer(Enrollment.class);
        Map<String, Enrollment> last = new TreeMap<>();
        try (CommittedTopics reader = reader()) {
            reader.read(topics.enrollments(), RecordForm.ANY, committed -> {
                if (committed.isDeletion()) {
                    last.remove(committed.key());
                } else {
                    last.put(
                            committed.key(),
                            rows.deserialize(
                                    committed.topic(), committed.value().orElseThrow()));
                }
            });
        }
        return last;
    }

    /** Every position that was committed, in order. */
    List<Position> positions() {
        List<Position> positions = new ArrayList<>();
        try (CommittedTopics reader = reader()) {
            reader.read(topics.offsets(), RecordForm.ANY, committed -> {
                if (committed.key().equals(Position.KEY)) {
                    positions.add(Position.of(committed.value().orElseThrow()));
                }
            });
        }
        return positions;
    }

    /** The snapshots that came to their end, in order. */
    List<SnapshotTaken> snapshots() {
        return epochs().stream()
                .filter(epoch -> epoch.getCause() == EpochCause.SNAPSHOT)
                .map(epoch -> epoch.getLastSnapshot().orElseThrow())
                .toList();
    }

    /** The last state of each row in the STU topic. */
    Map<String, String> lastNames() {
        Map<String, String> names = new TreeMap<>();
        students().forEach(seen -> {
            if (seen.lastName() == null) {
                names.remove(seen.key());
            } else {
                names.put(seen.key(), seen.lastName());
            }
        });
        return names;
    }

    /** By row, in order: the last names that were published, null for a tombstone. */
    Map<String, List<String>> namesInOrder() {
        Map<String, List<String>> names = new LinkedHashMap<>();
        students().forEach(seen -> names.computeIfAbsent(seen.key(), key -> new ArrayList<>())
                .add(seen.lastName()));
        return names;
    }

    /** All records of a commit stand in one epoch, below the offset that the epoch names. */
    void assertTransactionsAreWhole() {
        Map<String, List<Seen>> byCommit = students().stream().collect(Collectors.groupingBy(Seen::lsn));
        Map<Long, Progress> epochs = epochs().stream().collect(Collectors.toMap(Progress::getEpoch, epoch -> epoch));
        byCommit.forEach((lsn, records) -> {
            assertEquals(1, records.stream().map(Seen::epoch).distinct().count(), lsn);
            Progress epoch = epochs.get(records.get(0).epoch());
            long next = epoch.getNextOffsets().get(topics.enrollments());
            assertTrue(records.stream().allMatch(seen -> seen.offset() < next), lsn);
            assertTrue(epoch.getWatermark().compareTo(lsn) >= 0, lsn);
        });
    }

    /**
     * By row, in order: the last name that each commit left. A commit that was split may show a row several times on the
     * way, but never the same state twice.
     */
    Map<String, List<String>> namesByCommit() {
        Map<String, Map<String, String>> commits = new LinkedHashMap<>();
        Set<String> states = new HashSet<>();
        students().forEach(seen -> {
            if (seen.lastName() != null && !states.add(seen.key() + seen.lsn() + seen.lastName())) {
                fail("Published twice: " + seen);
            }
            Map<String, String> byLsn = commits.computeIfAbsent(seen.key(), key -> new LinkedHashMap<>());
            byLsn.remove(seen.lsn());
            byLsn.put(seen.lsn(), seen.lastName());
        });
        Map<String, List<String>> names = new LinkedHashMap<>();
        commits.forEach((key, byLsn) -> names.put(key, new ArrayList<>(byLsn.values())));
        return names;
    }

    void deleteTopic(String topic) throws Exception {
        try (Admin admin = Admin.create(new HashMap<>(kafkaProperties()))) {
            admin.deleteTopics(List.of(topic)).all().get();
            await(() -> {
                try {
                    return !admin.listTopics().names().get().contains(topic);
                } catch (InterruptedException | ExecutionException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    /** The max LSN, as Debezium prints it. */
    String maxLsn() throws SQLException {
        try (Statement run = connection.createStatement();
                var row = run.executeQuery("SELECT sys.fn_cdc_get_max_lsn()")) {
            row.next();
            return Lsn.of(row.getBytes(1)).text();
        }
    }

    /** Every epoch, in order. */
    List<Progress> epochs() {
        var progress = serdes().deserializer(Progress.class);
        List<Progress> epochs = new ArrayList<>();
        try (CommittedTopics reader = reader()) {
            reader.read(
                    topics.progress(),
                    RecordForm.ANY,
                    committed -> epochs.add(progress.deserialize(
                            committed.topic(), committed.value().orElseThrow())));
        }
        return epochs;
    }

    Optional<Position> position() {
        try (CommittedTopics reader = reader()) {
            return Optional.ofNullable(reader.newest(topics.offsets(), RecordForm.ANY, Set.of(Position.KEY))
                            .get(Position.KEY))
                    .map(Position::of);
        }
    }

    /** Waits until the connector's status is as expected. */
    static void await(Connector connector, Predicate<ConnectorStatus> expected) {
        await(() -> {
            connector.failure().ifPresent(failure -> fail("The connector has failed", failure));
            return expected.test(connector.status());
        });
    }

    static void awaitStreaming(Connector connector) {
        await(connector, status -> status.state() instanceof ConnectorStatus.Streaming);
    }

    void awaitNames(Map<String, String> expected) {
        await(() -> lastNames().equals(expected));
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("Not within " + PATIENCE.toSeconds() + " s");
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        if (standIn != null) {
            standIn.close();
        }
    }
}
