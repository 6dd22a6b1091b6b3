package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.asof.DatabaseAsOf;
import dev.patronstream.connector.asof.UnreachableLsnException;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.ServerAddress;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.status.Freshness;
import dev.patronstream.schemas.Lsn;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What capture and audit know, and do not know, where the account may not see the scans of the capture job. */
@ExtendWith(KafkaExtension.class)
class WithoutScansTest {

    @TempDir
    Path directory;

    private static DatabaseSettings through(BlindRelay relay, TestDistrict district) {
        return district.settings().capture().database().withServer(ServerAddress.at("127.0.0.1", relay.port()));
    }

    private static Connector connector(TestDistrict district, DatabaseSettings database) {
        return TestDistrict.start(new Connector(district.through(database)));
    }

    /** When the last entry of the log was noted, in UTC. */
    private static Instant lastEntry(TestDistrict district) throws Exception {
        try (SourceDatabase database =
                SourceDatabase.connect(district.settings().capture().database())) {
            return LocalDateTime.parse(
                            database.entryUpTo(database.maxLsn()).orElseThrow().committedAt())
                    .toInstant(database.now().getOffset());
        }
    }

    @Test
    void freshnessIsNeverBeyondTheLogsLastEntryAndTheStatusSaysThatItIsNotKnown(TestKafka kafka) throws Exception {
        try (TestDistrict district = new TestDistrict(
                                directory, kafka, "blind", settings -> settings.withCaptureInterval(
                                                Duration.ofMillis(200))
                                        .withIdleEntryInterval(Duration.ofSeconds(1)))
                        .withTables();
                BlindRelay relay = new BlindRelay(district.server().port())) {
            district.student(10, 1, "Garcia");
            try (Connector connector = connector(district, through(relay, district))) {
                TestDistrict.awaitStreaming(connector);
                TestDistrict.await(
                        connector,
                        status -> status.freshness().note().contains("scans of the capture job cannot be seen"));
                assertEquals(
                        Freshness.State.UNKNOWN, connector.status().freshness().state());
                Instant before = connector.status().freshness().asOf().orElseThrow();
                TestDistrict.await(connector, status -> status.freshness()
                        .asOf()
                        .filter(before::isBefore)
                        .isPresent());
                // Capture stands: nobody tells, so freshness stays where the log's last entry is.
                district.server().pauseCapture();
                district.rename(10, 1, "Unseen");
                Instant stalled = lastEntry(district);
                TestDistrict.await(
                        connector, status -> status.freshness().asOf().equals(java.util.Optional.of(stalled)));
                assertEquals(
                        Freshness.State.UNKNOWN, connector.status().freshness().state());
                assertFalse(district.epochs().stream()
                        .anyMatch(epoch ->
                                epoch.getFreshAsOf().filter(stalled::isBefore).isPresent()));
                district.server().resumeCapture();
                district.awaitNames(Map.of("10/1", "Unseen"));
            }
        }
    }

    @Test
    void anAuditOfAQuietDatabaseSaysWhichRightItLacks(TestKafka kafka) throws Exception {
        try (TestDistrict district = new TestDistrict(
                                directory,
                                kafka,
                                "blind-audit",
                                settings -> settings.withCaptureInterval(Duration.ofMillis(200)))
                        .withTables();
                BlindRelay relay = new BlindRelay(district.server().port());
                Connector connector = district.connector()) {
            district.student(10, 1, "Garcia");
            TestDistrict.awaitStreaming(connector);
            Position position = district.position().orElseThrow();
            Lsn lsn = position.watermarkLsn();
            DatabaseAsOf blind = new DatabaseAsOf(
                    through(relay, district),
                    district.settings().capture().columns(),
                    district.settings().capture().timeZone());
            UnreachableLsnException unproven =
                    assertThrows(UnreachableLsnException.class, () -> blind.read(position, lsn, Duration.ofSeconds(2)));
            assertTrue(unproven.getMessage().contains("GRANT VIEW DATABASE STATE"), unproven.getMessage());
        }
    }
}
