package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.run.Disks;
import dev.patronstream.cli.run.Lifeline;
import dev.patronstream.cli.run.Running;
import dev.patronstream.cli.run.Stage;
import dev.patronstream.cli.stages.StageBoard;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.life.Life;
import dev.patronstream.sandbox.life.LifeKind;
import dev.patronstream.sandbox.life.LifeSettings;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Students change between two schools of a feed, and a reader of the feed looks after every single record. */
class TransfersTest {

    private static final int FIRST_ID = 98_000_001;
    private static final int STUDENTS = 500;
    private static final int HIGH = 10;
    private static final int MIDDLE = 20;

    @TempDir
    Path folder;

    @Test
    void noReaderEverSeesATransferredStudentInTwoSchoolsOrInNone() throws Exception {
        transfer(4);
    }

    @Test
    @Tag("faults")
    void norOverTenThousandTransfers() throws Exception {
        transfer(20);
    }

    /** As many rounds of 500 transfers; an even number, so that all end where they began. */
    private void transfer(int rounds) throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.in(folder).withStudents(300), (what, detail) -> {})) {
            Configuration configuration =
                    ConfigurationReader.read(sandbox.configuration(), Map.of(), EnumSet.allOf(Part.class));
            enroll(sandbox);
            try (Lifeline lifeline = Lifeline.watch(Disks.of(configuration));
                    Cluster cluster = Cluster.open(configuration);
                    StageBoard board = cluster.openBoard();
                    Running running = Running.start(
                            new dev.patronstream.cli.cluster.District(configuration, cluster.clients()),
                            board,
                            EnumSet.allOf(Stage.class),
                            (what, detail) -> {},
                            lifeline);
                    Life life = Life.start(otherWork(), sandbox::connect, event -> {})) {
                try (Reader reader = new Reader(configuration, cluster.clients())) {
                    reader.readUntil(() -> reader.schools.size() == STUDENTS, running);
                    transferAllAgainAndAgain(rounds, sandbox, reader, running);
                    reader.readUntil(
                            () -> reader.schools.values().stream().allMatch(school -> school == HIGH), running);
                    assertTrue(reader.moves > STUDENTS * 2, "the reader has seen moves: " + reader.moves);
                }
                assertTrue(life.failure().isEmpty());
            }
        }
    }

    /** What else offices do at the same time, except for moving, deleting and re-numbering the same students. */
    private static LifeSettings otherWork() {
        return LifeSettings.usual(7, 20, District.today())
                .withWeights(Map.of(
                        LifeKind.NAME_CHANGED, 5,
                        LifeKind.EMAIL_CHANGED, 5,
                        LifeKind.HOMEROOM_CHANGED, 5,
                        LifeKind.STAFF_HIRED, 2,
                        LifeKind.STAFF_LEFT, 2,
                        LifeKind.SCHOOL_RENAMED, 1,
                        LifeKind.ROLLED_BACK, 2,
                        LifeKind.MASS_CHANGE, 1));
    }

    /** Everybody has a row in both schools, active in one of them, as after a first transfer and back. */
    private static void enroll(Sandbox sandbox) throws SQLException {
        try (Connection connection = sandbox.connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, TG, DEL) VALUES (?, ?, ?, N'Mover', N'One', 9,"
                            + " ?, 0)")) {
                for (int student = 0; student < STUDENTS; student++) {
                    for (int school : new int[] {HIGH, MIDDLE}) {
                        insert.setInt(1, school);
                        insert.setInt(2, 50_000 + student);
                        insert.setInt(3, FIRST_ID + student);
                        insert.setString(4, school == HIGH ? " " : "I");
                        insert.addBatch();
                    }
                }
                insert.executeBatch();
            }
            connection.commit();
        }
    }

    /** By two school offices at once. */
    private static void transferAllAgainAndAgain(int rounds, Sandbox sandbox, Reader reader, Running running)
            throws Exception {
        ExecutorService offices = Executors.newFixedThreadPool(2);
        try {
            List<Future<Void>> work = new ArrayList<>();
            for (int office = 0; office < 2; office++) {
                int half = office;
                work.add(offices.submit(() -> {
                    try (Connection connection = sandbox.connect();
                            Statement statement = connection.createStatement()) {
                        for (int round = 0; round < rounds; round++) {
                            int from = round % 2 == 0 ? HIGH : MIDDLE;
                            int to = round % 2 == 0 ? MIDDLE : HIGH;
                            for (int student = half; student < STUDENTS; student += 2) {
                                statement.execute(transfer(student, from, to));
                            }
                        }
                    }
                    return null;
                }));
            }
            reader.readUntil(() -> work.stream().allMatch(Future::isDone), running);
            for (Future<Void> each : work) {
                each.get();
            }
        } finally {
            offices.shutdownNow();
        }
    }

    /** Half of them by a change of tags, half by a copied and a deleted row, one transaction each. */
    private static String transfer(int student, int from, int to) {
        int number = 50_000 + student;
        if (student % 4 < 2) {
            return "BEGIN TRAN UPDATE dbo.STU SET TG = 'I' WHERE SC = " + from + " AND SN = " + number
                    + " UPDATE dbo.STU SET TG = ' ' WHERE SC = " + to + " AND SN = " + number + " COMMIT";
        }
        return "BEGIN TRAN DELETE FROM dbo.STU WHERE SC = " + to + " AND SN = " + number
                + " INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, TG, DEL) VALUES (" + to + ", " + number + ", "
                + (FIRST_ID + student) + ", N'Mover', N'One', 9, ' ', 0)"
                + " DELETE FROM dbo.STU WHERE SC = " + from + " AND SN = " + number + " COMMIT";
    }

    /** Reads the feed's topic, committed records only, and looks at each movers' record by itself. */
    private static final class Reader implements AutoCloseable {

        private final KafkaConsumer<String, FeedEntry> consumer;
        private final Map<String, Integer> schools = new HashMap<>();
        private int moves;

        Reader(Configuration configuration, ClusterClients clients) {
            Map<String, Object> properties = clients.kafkaProperties();
            properties.put("isolation.level", "read_committed");
            consumer = new KafkaConsumer<>(
                    properties, new StringDeserializer(), clients.avro().deserializer(FeedEntry.class));
            TopicPartition feed = new TopicPartition(configuration.topics().feed("destiny"), 0);
            consumer.assign(List.of(feed));
            consumer.seekToBeginning(List.of(feed));
        }

        void readUntil(BooleanSupplier condition, Running running) {
            long latest = System.nanoTime() + TimeUnit.MINUTES.toNanos(4);
            while (!condition.getAsBoolean()) {
                for (ConsumerRecord<String, FeedEntry> record : consumer.poll(Duration.ofMillis(100))) {
                    look(record);
                }
                assertTrue(!running.failure().isDone(), "a stage has given up");
                assertTrue(System.nanoTime() < latest, "moves so far: " + moves + ", students: " + schools.size());
            }
        }

        private void look(ConsumerRecord<String, FeedEntry> record) {
            if (!isMover(record.key())) {
                return;
            }
            FeedEntry entry = record.value();
            assertNotNull(entry, record.key() + " is in no school at offset " + record.offset());
            assertEquals(PatronStatus.ACTIVE, entry.getPrimary().getStatus(), record.key());
            assertTrue(
                    entry.getOthers().stream().allMatch(other -> other.getStatus() == PatronStatus.INACTIVE),
                    record.key() + " is in two schools at offset " + record.offset());
            int school = entry.getPrimary().getSchoolCode().orElseThrow();
            Integer before = schools.put(record.key(), school);
            if (before != null && before != school) {
                moves++;
            }
        }

        private static boolean isMover(String key) {
            return key.startsWith("student/98")
                    && key.compareTo(Keys.person(PatronKind.STUDENT, FIRST_ID)) >= 0
                    && key.compareTo(Keys.person(PatronKind.STUDENT, FIRST_ID + STUDENTS)) < 0;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
