package dev.patronstream.cli.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.PatronstreamProcess;
import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.district.DistrictSettings;
import dev.patronstream.sandbox.life.Life;
import dev.patronstream.sandbox.life.LifeKind;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.oracle.HistoricTables;
import dev.patronstream.sandbox.oracle.Oracle;
import dev.patronstream.sandbox.oracle.VendorMemory;
import dev.patronstream.schemas.Capture;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.snapshotter.SnapshotOptions;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.standin.SourceHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A day of school life of which the tables are polled, by a process that is killed again and again. */
class PolledDayTest {

    private static final int STUDENTS = 400;
    private static final int SCHOOL_YEAR = 2026;
    private static final int KILLS = 4;

    @TempDir
    Path folder;

    private final Random random = new Random(11);
    private VendorMemory memory = VendorMemory.empty(Duration.ofDays(90));

    @Test
    void everyFileIsTheDatabaseAtOneMomentAndChangeDataCaptureFindsTheSameTables() throws Exception {
        try (LiveDistrict district = new LiveDistrict(folder, STUDENTS, PolledDayTest::polled)) {
            PatronstreamProcess connector = connector(district.file());
            try {
                district.startStreamsApp();
                try (Life life = district.life(11, 50, EnumSet.noneOf(LifeKind.class));
                        Snapshotter snapshotter = district.snapshotter(Duration.ofMinutes(1))) {
                    for (int i = 0; i < KILLS; i++) {
                        Thread.sleep(random.nextInt(1_000));
                        connector.kill();
                        connector = connector(district.file());
                        awaitReading(district, connector);
                        requireOneMoment(district, snapshotter);
                    }
                    assertTrue(life.total() > 200, () -> "changes: " + life.total());
                    assertTrue(life.failure().isEmpty(), () -> life.failure().toString());
                }
                awaitReading(district, connector);
                audit(district.file());
                connector.terminate();

                connector = connector(district.sandbox().configuration());
                district.await(
                        "change data capture",
                        () -> new Lsn(applied(district).getWatermark()).readAt().isEmpty());
                audit(district.sandbox().configuration());
                rows(district)
                        .forEach((key, row) ->
                                assertEquals(Capture.POLL, row.getSource().getCapture(), key + " was written again"));
            } finally {
                connector.close();
            }
        }
    }

    /** While a killed connector is away, more of this small district moves than a reading may remove unasked. */
    private static String polled(String yaml) {
        String often = yaml.replace("sqlserver:\n", "sqlserver:\n  capture: {poll: {every: 500ms}}\n");
        String polled = often.replace("connector: {", "connector: {mass-delete-above: 100%, ");
        assertTrue(yaml.length() < often.length() && often.length() < polled.length(), polled);
        return polled;
    }

    private PatronstreamProcess connector(Path configuration) throws Exception {
        return PatronstreamProcess.start(folder, "run", "--only", "connector", "--config", configuration.toString());
    }

    private static Progress applied(LiveDistrict district) {
        return district.streamsApp().status().applied().orElseThrow();
    }

    /** Waits until what is there now has been read. */
    private static void awaitReading(LiveDistrict district, PatronstreamProcess connector) throws IOException {
        Instant now = Instant.now();
        try {
            district.await("a reading", () -> new Lsn(applied(district).getWatermark())
                    .readAt()
                    .filter(now::isBefore)
                    .isPresent());
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + "; the connector printed:\n" + connector.printed(), late);
        }
    }

    /** The file is what the database was after one of the commits that came while the tables were read, or before. */
    private void requireOneMoment(LiveDistrict district, Snapshotter snapshotter) throws Exception {
        Delivery delivery = snapshotter.snapshot("destiny", new SnapshotOptions(Optional.empty(), true));
        assertEquals(DeliveryResult.DELIVERED, delivery.getResult(), delivery::toString);
        String delivered = Files.readString(district.sandbox().sftpFolder().resolve(delivery.getFileName()), UTF_8);
        Instant readAt = new Lsn(delivery.getWatermark().orElseThrow()).readAt().orElseThrow();
        assertEquals(readAt, delivery.getFreshAsOf().orElseThrow());
        SourceHistory history = district.sandbox().sqlServer().history();
        List<String> moments = moments(history, readAt);
        FeedRules rules = FeedRules.usual(
                SCHOOL_YEAR, new District(new DistrictSettings(1, STUDENTS, SCHOOL_YEAR, District.today())).sites());
        for (String moment : moments) {
            VendorMemory.Delivery next = memory.next(
                    Oracle.expected(
                            new HistoricTables(history, moment),
                            rules,
                            delivery.getBusinessDate().orElseThrow()),
                    delivery.getStartedAt());
            if (new String(next.file().csv(), UTF_8).equals(delivered)) {
                memory = next.memory();
                return;
            }
        }
        throw new AssertionError("The file of the reading at " + readAt + " is the database at none of " + moments);
    }

    /** The last commit before a time, and those of the second after it. */
    private static List<String> moments(SourceHistory history, Instant time) {
        List<String> moments = new ArrayList<>();
        history.transactionsAfter(Lsn.NONE.text(), transaction -> {
            if (!transaction.commitTime().isAfter(time)) {
                moments.clear();
            }
            if (transaction.commitTime().isBefore(time.plusSeconds(1))) {
                moments.add(transaction.lsn());
            }
        });
        return moments;
    }

    private static Map<String, Enrollment> rows(LiveDistrict district) {
        try (CommittedTopics reader = new CommittedTopics(district.clients().kafka())) {
            return reader.newest(
                    district.configuration().topics().enrollments(),
                    RecordForm.of(district.clients().avro().deserializer(Enrollment.class)));
        }
    }

    private static void audit(Path configuration) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        int exit = terminal.run("audit", "--config", configuration.toString());
        assertEquals(0, exit, () -> terminal.out() + terminal.error());
    }
}
