package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.ServerAddress;
import dev.patronstream.connector.row.ColumnGroup;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Progress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How capture begins, begins again, and what it says when it cannot. */
@ExtendWith(KafkaExtension.class)
class StartTest {

    @TempDir
    Path directory;

    private TestDistrict empty(TestKafka kafka, String name) throws Exception {
        return new TestDistrict(
                directory, kafka, name, settings -> settings.withCaptureInterval(Duration.ofMillis(200)));
    }

    private TestDistrict district(TestKafka kafka, String name) throws Exception {
        return empty(kafka, name).withTables();
    }

    private static ConnectorSettings with(ConnectorSettings usual, DatabaseSettings database, CapturedColumns columns) {
        return new ConnectorSettings(
                usual.topics(),
                usual.topicSettings(),
                usual.kafka(),
                usual.serdes(),
                new CaptureSettings(
                        database,
                        columns,
                        usual.capture().timeZone(),
                        usual.capture().limits(),
                        usual.capture().engine()),
                Optional.empty());
    }

    /** Starts a connector that has to fail, and returns what it says. */
    private static String failure(ConnectorSettings settings) {
        try (Connector connector = TestDistrict.start(new Connector(settings))) {
            TestDistrict.await(() -> connector.failure().isPresent());
            String message = String.valueOf(connector.failure().orElseThrow().getMessage());
            assertEquals("failed: " + message, connector.status().state().inWords());
            assertFalse(message.contains("Exception"), message);
            return message;
        }
    }

    private static void assertSays(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' is missing in: " + message);
        }
    }

    @Test
    void aWrongPasswordIsNamed(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "password")) {
            ConnectorSettings settings = district.settings();
            String message = failure(with(
                    settings,
                    district.database(district.server().database(), "not-the-password"),
                    settings.capture().columns()));
            assertSays(message, "refused the login", "'sa'", "Check user and password");
            assertFalse(message.contains("not-the-password"));
        }
    }

    @Test
    void aMissingDatabaseIsNamed(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "nodatabase")) {
            ConnectorSettings settings = district.settings();
            String message = failure(with(
                    settings,
                    district.database("DST27000EAGLE", district.server().password()),
                    settings.capture().columns()));
            assertSays(message, "cannot open database 'DST27000EAGLE'");
        }
    }

    @Test
    void aServerThatIsNotThereIsNamed(TestKafka kafka) throws Exception {
        int freePort;
        try (ServerSocket socket = new ServerSocket(0)) {
            freePort = socket.getLocalPort();
        }
        try (TestDistrict district = district(kafka, "noserver")) {
            ConnectorSettings settings = district.settings();
            DatabaseSettings elsewhere =
                    settings.capture().database().withServer(ServerAddress.at("127.0.0.1", freePort));
            assertSays(failure(with(settings, elsewhere, settings.capture().columns())), "127.0.0.1:" + freePort);
        }
    }

    @Test
    void brokersThatAreNotThereAreNamed(TestKafka kafka) throws Exception {
        int freePort;
        try (ServerSocket socket = new ServerSocket(0)) {
            freePort = socket.getLocalPort();
        }
        try (TestDistrict district = district(kafka, "nobroker")) {
            ConnectorSettings usual = district.settings();
            ConnectorSettings settings = new ConnectorSettings(
                    usual.topics(),
                    usual.topicSettings(),
                    Map.of(
                            "bootstrap.servers",
                            "127.0.0.1:" + freePort,
                            "default.api.timeout.ms",
                            "3000",
                            "request.timeout.ms",
                            "2000"),
                    usual.serdes(),
                    usual.capture(),
                    Optional.empty());
            assertSays(failure(settings), "Kafka", "127.0.0.1:" + freePort);
        }
    }

    @Test
    void aDatabaseWithoutCaptureIsNamed(TestKafka kafka) throws Exception {
        try (TestDistrict district = empty(kafka, "nocapture")) {
            assertSays(failure(district.settings()), "Change data capture is off", "sys.sp_cdc_enable_db");
        }
    }

    @Test
    void everythingThatIsMissingIsSaidAtOnce(TestKafka kafka) throws Exception {
        try (TestDistrict district = empty(kafka, "missing")) {
            district.sql("CREATE TABLE dbo.STU (SC int NOT NULL, SN int NOT NULL, ID int NOT NULL, LN varchar(50),"
                    + " GR smallint, TG char(1), DEL bit, U1 varchar(max),"
                    + " CONSTRAINT PK_STU PRIMARY KEY (SC, SN))");
            district.sql("CREATE TABLE dbo.LOC (CD int NOT NULL PRIMARY KEY, NM varchar(40))");
            district.sql("EXEC sys.sp_cdc_enable_db");
            district.sql("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'STU',"
                    + " @role_name = NULL, @captured_column_list = N'SC,SN,ID,LN,GR,U1'");
            ConnectorSettings settings = district.settings();
            String message = failure(with(
                    settings,
                    settings.capture().database(),
                    new CapturedColumns(Set.of(), Map.of(SourceTable.STU, Set.of("U1", "U9")))));
            assertSays(
                    message,
                    "column dbo.STU.FN (firstName) does not exist",
                    "column dbo.STU.TG (statusTag) is not captured by instance dbo_STU",
                    "column dbo.STU.DEL (soft delete) is not captured",
                    "column dbo.STU.U1 has type varchar",
                    "column dbo.STU.U9 (extra) does not exist",
                    "table dbo.LOC is not tracked",
                    "table dbo.STF does not exist");
        }
    }

    @Test
    void columnsThatAreAskedForLaterAreReadAgainAndOnlyDifferencesAreWritten(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "columns")) {
            district.student(10, 1, "Garcia");
            district.student(10, 2, "Nguyen");
            district.sql("UPDATE dbo.STU SET U1 = 'bus 7' WHERE SN = 2");
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            ConnectorSettings settings = district.settings();
            CapturedColumns more =
                    new CapturedColumns(Set.of(ColumnGroup.ADDRESS), Map.of(SourceTable.STU, Set.of("U1")));
            try (Connector connector = TestDistrict.start(
                    new Connector(with(settings, settings.capture().database(), more)))) {
                TestDistrict.awaitStreaming(connector);
            }
            assertEquals(
                    Map.of("10/1", List.of("Garcia"), "10/2", List.of("Nguyen", "Nguyen")), district.namesInOrder());
            List<Progress> snapshots = district.epochs().stream()
                    .filter(epoch -> epoch.getCause() == EpochCause.SNAPSHOT)
                    .toList();
            assertEquals(2, snapshots.size());
            assertEquals(1, snapshots.get(1).getRows());
            // Every end of an epoch says what the rows are read of.
            List<String> usual = snapshots.get(0).getColumns();
            assertTrue(usual.containsAll(List.of("STU.lastName", "STF.primarySchool", "LOC.name")), usual.toString());
            assertFalse(usual.contains("STU.U1") || usual.contains("STU.address"), usual.toString());
            List<Progress> epochs = district.epochs();
            List<String> now = epochs.get(epochs.size() - 1).getColumns();
            assertTrue(now.contains("STU.U1"), now.toString());
            assertEquals(snapshots.get(1).getColumns(), now);
        }
    }

    @Test
    void changesThatTheCleanUpRemovedAreMadeGoodByReadingAgain(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "retention")) {
            for (int i = 1; i <= 20; i++) {
                district.student(10, i, "Name" + i);
            }
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            district.rename(10, 1, "Renamed");
            district.sql("DELETE FROM dbo.STU WHERE SN = 2");
            district.server().scanNow();
            district.student(10, 21, "Later");
            district.server().scanNow();
            district.server().cleanUp(district.maxLsn());
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                Map<String, String> names = district.lastNames();
                assertEquals("Renamed", names.get("10/1"));
                assertFalse(names.containsKey("10/2"));
                assertEquals("Later", names.get("10/21"));
                assertEquals(20, names.size());
            }
            Progress last = district.epochs().stream()
                    .filter(epoch -> epoch.getCause() == EpochCause.SNAPSHOT)
                    .reduce((first, second) -> second)
                    .orElseThrow();
            assertEquals(3, last.getRows());
        }
    }

    @Test
    void aSnapshotThatWouldRemoveTooMuchIsHeldWithCounts(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "mass-delete")) {
            for (int i = 1; i <= 10; i++) {
                district.student(10, i, "Name" + i);
            }
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            district.sql("DELETE FROM dbo.STU WHERE SN <= 5");
            district.server().scanNow();
            district.student(10, 11, "Later");
            district.server().scanNow();
            district.server().cleanUp(district.maxLsn());
            long epochs = district.epochs().size();
            try (Connector connector = district.connector()) {
                TestDistrict.await(connector, status -> status.state() instanceof ConnectorStatus.Held);
                assertSays(connector.status().state().inWords(), "5 of 10 rows of STU");
                assertEquals(epochs, district.epochs().size());
                assertTrue(district.lastNames().containsKey("10/1"));
            }
            try (Connector connector = TestDistrict.start(
                    new Connector(district.settings(limits -> TestLimits.withMassDeleteAbove(limits, 1), Map.of())))) {
                TestDistrict.awaitStreaming(connector);
                assertFalse(district.lastNames().containsKey("10/1"));
            }
        }
    }

    @Test
    void aDeletedPositionIsNoticedAndNothingIsWrittenTwice(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "position")) {
            district.student(10, 1, "Garcia");
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            district.deleteTopic(district.topics().offsets());
            district.student(20, 2, "Nguyen");
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                Seen.notice("position gone", connector, "the stored position of the source is gone from topic");
            }
            assertEquals(Map.of("10/1", List.of("Garcia"), "20/2", List.of("Nguyen")), district.namesInOrder());
            List<Long> numbers =
                    district.epochs().stream().map(Progress::getEpoch).toList();
            assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
        }
    }

    /** What an epoch says of freshness is read back by the next start, so a wrong clock would stay in it. */
    @Test
    void aDatabaseClockThatWasAYearAheadIsForgottenOnceItIsRight(TestKafka kafka) throws Exception {
        AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ofDays(365));
        try (TestDistrict district = new TestDistrict(
                        directory, kafka, "clock-ahead", settings -> settings.withCaptureInterval(
                                        Duration.ofMillis(200))
                                .withClock(() -> Instant.now().plus(ahead.get())))
                .withTables()) {
            Instant wrong = Instant.now().plus(Duration.ofDays(300));
            try (Connector connector = district.connector()) {
                TestDistrict.await(
                        () -> freshness(district).filter(wrong::isBefore).isPresent());
            }
            ahead.set(Duration.ZERO);
            try (Connector connector = district.connector()) {
                TestDistrict.await(
                        () -> freshness(district).filter(wrong::isAfter).isPresent());
            }
        }
    }

    private static Optional<Instant> freshness(TestDistrict district) {
        List<Progress> epochs = district.epochs();
        return epochs.isEmpty()
                ? Optional.empty()
                : epochs.get(epochs.size() - 1).getFreshAsOf();
    }
}
