package dev.patronstream.benchmarks.endurance;

import dev.patronstream.benchmarks.endurance.fault.Link;
import dev.patronstream.benchmarks.endurance.fault.Victim;
import dev.patronstream.benchmarks.endurance.process.Backups;
import dev.patronstream.benchmarks.endurance.process.Child;
import dev.patronstream.benchmarks.endurance.process.Kafka;
import dev.patronstream.benchmarks.endurance.process.TcpRelay;
import dev.patronstream.embedded.registry.EmbeddedRegistry;
import dev.patronstream.sandbox.district.AeriesTable;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.district.DistrictSettings;
import dev.patronstream.sandbox.district.DistrictSql;
import dev.patronstream.sandbox.district.JdbcRowSink;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import dev.patronstream.standin.SqlServerStandIn;
import dev.patronstream.standin.StandInMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything around patronstream, in parts that can fail one by one: SQL Server's stand-in and Kafka in processes of their
 * own, registry and SFTP server in this one, and a relay before each.
 */
final class Surroundings implements AutoCloseable {

    /** How often the capture job looks: as in a real district some time after the commits. */
    static final Duration CAPTURE_INTERVAL = Duration.ofSeconds(1);

    /** A feed of all schools, whose selection is changed now and then, and whose files are never held. */
    static final String FEED = "destiny";

    /** A feed of one school, whose files are held when too many patrons go. */
    static final String HELD_FEED = "branch";

    static final List<String> FEEDS = List.of(FEED, HELD_FEED);
    static final int MAX_ROWS = 400;

    private static final int SCHOOL_YEAR = 2026;
    private static final String SFTP_USER = "eagle";
    private static final String PASSWORD = "Eagle-endurance-1";

    private final Path directory;
    private final District district;
    private final ZoneOffset zone;
    private final LocalDate today;
    private final int sqlServerPort = Kafka.freePort();
    private final Map<Link, TcpRelay> relays = new EnumMap<>(Link.class);
    private final Child sqlServer;
    private final Kafka kafka;
    private final Backups backups;
    private boolean reselected;
    private @Nullable EmbeddedRegistry registry;
    private @Nullable SftpServer sftp;
    private int registryPort;
    private int sftpPort;

    Surroundings(EnduranceSettings settings, ZoneOffset zone) throws IOException {
        this.directory = settings.directory();
        this.backups = new Backups(sqlServerFolder());
        this.zone = zone;
        this.today = LocalDate.now(zone);
        this.district = new District(new DistrictSettings(settings.seed(), settings.students(), SCHOOL_YEAR, today));
        for (Link link : List.of(Link.SQLSERVER, Link.REGISTRY, Link.SFTP)) {
            relays.put(link, new TcpRelay(link.name()));
        }
        relay(Link.SQLSERVER).to(sqlServerPort);
        this.kafka = new Kafka(directory, settings.brokers(), logging(), logs());
        Victim.BROKERS
                .subList(0, settings.brokers())
                .forEach(broker -> relays.put(Link.valueOf(broker.name()), kafka.relay(broker)));
        this.sqlServer = new Child(
                Victim.SQLSERVER.id(),
                List.of(
                        "-Xmx512m",
                        logging(),
                        StandInMain.class.getName(),
                        sqlServerFolder().toString(),
                        Integer.toString(sqlServerPort),
                        passwordFile("sqlserver").toString(),
                        Long.toString(CAPTURE_INTERVAL.toMillis())),
                Map.of(),
                logs());
    }

    /** Starts everything, fills the database and writes the configuration. */
    void start() throws InterruptedException, IOException, SQLException {
        Files.createDirectories(logs());
        Files.createDirectories(passwordFile("sqlserver").getParent());
        Files.writeString(passwordFile("sqlserver"), PASSWORD);
        Files.writeString(passwordFile("sftp"), PASSWORD);
        Files.writeString(logs().resolve("logback.xml"), """
                <configuration>
                  <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d{HH:mm:ss.SSS} %-5level %logger{24} - %msg %kvp%n</pattern></encoder>
                  </appender>
                  <root level="WARN"><appender-ref ref="console"/></root>
                </configuration>
                """);
        sqlServer.start();
        kafka.start();
        startRegistry();
        startSftp();
        sqlServer.awaitReady();
        fill();
        Files.writeString(configuration(), yaml());
    }

    private void fill() throws SQLException {
        try (Connection connection = connect()) {
            execute(connection, DistrictSql.createTables());
            district.load(new JdbcRowSink(connection));
            execute(connection, DistrictSql.enableCapture(District.DATABASE, false));
        }
    }

    private static void execute(Connection connection, List<String> batches) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String batch : batches) {
                statement.execute(batch);
            }
        }
    }

    /** Configures another selection of schools for the first feed, or the first one again. */
    void reselect() throws IOException {
        reselected = !reselected;
        Files.writeString(configuration(), yaml());
    }

    private String yaml() {
        return """
                district: eagle
                time-zone: "%s"
                school-year: %d
                sqlserver:
                  host: 127.0.0.1
                  port: %d
                  database: %s
                  user: sa
                  password: ${file:%s}
                  encrypt: false
                kafka: {bootstrap-servers: "%s", replication-factor: %d}
                registry: {url: "http://127.0.0.1:%d"}
                # Life at full rate: a minute without capture removes more than a district does in a week.
                connector: {freshness-interval: 2s, max-rows: %d, mass-delete-above: 100%%}
                status: {address: 127.0.0.1, port: 0}
                deliveries: {archive: %s, generations: 100000, cut-time-limit: 60s}
                feeds:
                %s%s""".formatted(
                        zone,
                        SCHOOL_YEAR,
                        relay(Link.SQLSERVER).port(),
                        District.DATABASE,
                        passwordFile("sqlserver"),
                        kafka.relayedServers(),
                        kafka.brokers().size(),
                        relay(Link.REGISTRY).port(),
                        MAX_ROWS,
                        archive(),
                        feed(FEED, sites(FEED, reselected), "off", false),
                        feed(HELD_FEED, sites(HELD_FEED, false), "60%", true));
    }

    /** Attempts are far apart, so most thresholds are off: only what is done on purpose is to wait for a person. */
    private String feed(String feed, SortedMap<Integer, String> sites, String removedAbove, boolean schoolGone) {
        return """
                  %s:
                    schools: %s
                    sites: %s
                    schedule: "* * * * *"
                    first: send
                    hold-when: {removed-above: %s, added-above: off, transferred-above: off, changed-above: off, per-site-removed-above: off, school-gone: %s, problems-above: off, max-age: off}
                    destination:
                      sftp:
                        host: 127.0.0.1
                        port: %d
                        user: %s
                        password: ${file:%s}
                        host-key: "%s"
                        file: %s
                        properties-file: %s.properties
                        connect-timeout: 5s
                        read-timeout: 10s
                """.formatted(
                        feed,
                        sites.keySet(),
                        sites.toString().replace("=", ": "),
                        removedAbove,
                        schoolGone,
                        relay(Link.SFTP).port(),
                        SFTP_USER,
                        passwordFile("sftp"),
                        sftp == null ? "" : sftp.hostKeyFingerprint(),
                        file(feed),
                        feed)
                .indent(2);
    }

    /** The sites of a feed: all, without the first when it is configured again; of the other one the last. */
    private SortedMap<Integer, String> sites(String feed, boolean other) {
        SortedMap<Integer, String> all = district.sites();
        return feed.equals(HELD_FEED) ? all.tailMap(all.lastKey()) : other ? all.tailMap(all.firstKey() + 1) : all;
    }

    /** The school of the feed whose files are held. */
    int heldSchool() {
        return district.sites().lastKey();
    }

    /** What a feed is configured with: first, and after that in turn. */
    List<FeedRules> rules(String feed) {
        FeedRules usual = FeedRules.usual(SCHOOL_YEAR, sites(feed, false));
        return feed.equals(FEED) ? List.of(usual, FeedRules.usual(SCHOOL_YEAR, sites(feed, true))) : List.of(usual);
    }

    /** A connection to the database, past the relay: the school offices' lines are not ours to cut. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:sqlserver://127.0.0.1:" + sqlServerPort + ";databaseName=" + District.DATABASE
                        + ";encrypt=false;loginTimeout=10",
                "sa",
                PASSWORD);
    }

    /** The folder of the database, and what was in it before it was put back to an earlier point. */
    Backups backups() {
        return backups;
    }

    /** Opens the database in this process, once its own has ended: each of its lives, in their order. */
    List<SqlServerStandIn> openDatabases() throws IOException {
        List<SqlServerStandIn> databases = new ArrayList<>();
        for (Path life : backups.lives()) {
            databases.add(
                    SqlServerStandIn.start(StandInMain.settings(life, 0, passwordFile("sqlserver"), CAPTURE_INTERVAL)));
        }
        return databases;
    }

    void startRegistry() {
        if (registry == null) {
            EmbeddedRegistry started = EmbeddedRegistry.start(bootstrapServers(), registryPort);
            registry = started;
            registryPort = started.port();
            relay(Link.REGISTRY).to(registryPort);
        }
    }

    void stopRegistry() {
        if (registry != null) {
            registry.close();
            registry = null;
        }
    }

    void startSftp() {
        if (sftp == null) {
            SftpServer started = SftpServer.start(SftpSettings.of(
                            directory.resolve("secrets").resolve("host-key"),
                            SftpUser.withPassword(SFTP_USER, directory.resolve("vendor"), PASSWORD))
                    .withPort(sftpPort));
            sftp = started;
            sftpPort = started.port();
            relay(Link.SFTP).to(sftpPort);
        }
    }

    void stopSftp() {
        if (sftp != null) {
            sftp.close();
            sftp = null;
        }
    }

    TcpRelay relay(Link link) {
        TcpRelay relay = relays.get(link);
        if (relay == null) {
            throw new IllegalArgumentException("There is no relay of " + link);
        }
        return relay;
    }

    Kafka kafka() {
        return kafka;
    }

    Child sqlServer() {
        return sqlServer;
    }

    Path configuration() {
        return directory.resolve("patronstream.yaml");
    }

    Path logs() {
        return directory.resolve("logs");
    }

    Path archive() {
        return directory.resolve("deliveries");
    }

    /** Name of a feed's file. */
    static String file(String feed) {
        return feed + ".csv";
    }

    Path vendorFile(String feed) {
        return directory.resolve("vendor").resolve(file(feed));
    }

    LocalDate today() {
        return today;
    }

    /** How many rows the tables have, as generated. */
    long rows() {
        long rows = 0;
        for (AeriesTable table : AeriesTable.values()) {
            for (var all = district.rows(table); all.hasNext(); all.next()) {
                rows++;
            }
        }
        return rows;
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    String registryUrl() {
        return "http://127.0.0.1:" + registryPort;
    }

    private Path sqlServerFolder() {
        return directory.resolve("sqlserver");
    }

    private Path passwordFile(String name) {
        return directory.resolve("secrets").resolve(name + "-password");
    }

    private String logging() {
        return "-Dlogback.configurationFile=" + logs().resolve("logback.xml");
    }

    @Override
    public void close() {
        stopSftp();
        stopRegistry();
        kafka.close();
        sqlServer.kill();
        relays.values().forEach(TcpRelay::close);
    }
}
