package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.start.Holds;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.Counted;
import dev.patronstream.schemas.HoldDecision;
import dev.patronstream.schemas.Removal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot that would remove too much waits for a person, and does what that person decides about just this one. */
@ExtendWith(KafkaExtension.class)
class HoldTest {

    @TempDir
    Path directory;

    /** Ten students were published; five of them are gone, and so are their changes. */
    private TestDistrict district(TestKafka kafka, String name) throws Exception {
        TestDistrict district = new TestDistrict(
                        directory, kafka, name, settings -> settings.withCaptureInterval(Duration.ofMillis(200)))
                .withTables();
        for (int i = 1; i <= 10; i++) {
            district.student(10, i, "v0");
        }
        try (Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
        }
        district.sql("DELETE FROM dbo.STU WHERE SN <= 5");
        district.rename(10, 6, "v1");
        district.server().scanNow();
        district.student(10, 11, "v0");
        district.server().scanNow();
        district.server().cleanUp(district.maxLsn());
        return district;
    }

    private static Holds holds(TestDistrict district) {
        return new Holds(district.kafkaProperties(), district.topics(), district.serdes(), Duration.ofSeconds(60));
    }

    private static CaptureHold awaitHeld(TestDistrict district, Connector connector) {
        TestDistrict.await(connector, status -> status.state() instanceof ConnectorStatus.Held);
        String id = ((ConnectorStatus.Held) connector.status().state()).id();
        try (Holds holds = holds(district)) {
            CaptureHold held = holds.read().held().orElseThrow();
            assertEquals(id, held.getId());
            return held;
        }
    }

    private static void decide(TestDistrict district, CaptureHold hold, HoldDecision decision) {
        try (Holds holds = holds(district)) {
            holds.decide(hold, decision, "maria@office", Optional.of("the school closed"), Instant.now());
        }
    }

    @Test
    void nothingIsPublishedUntilItIsApprovedAlsoOverARestart(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "approved")) {
            var before = district.students();
            int epochs = district.epochs().size();
            CaptureHold held;
            try (Connector connector = district.connector()) {
                held = awaitHeld(district, connector);
                Seen.state("snapshot held", connector, "5 of 10 rows of STU", "patronstream approve connector");
                assertEquals(Map.of("STU", new Removal(5L, 10L, Counted.ROWS)), held.getRemovals());
            }
            try (Connector connector = district.connector()) {
                assertEquals(held, awaitHeld(district, connector), "the same hold, since the same time");
                assertEquals(before, district.students());
                assertEquals(epochs, district.epochs().size());
                decide(district, held, HoldDecision.APPROVED);
                TestDistrict.awaitStreaming(connector);
                assertEquals(
                        Set.of("10/6", "10/7", "10/8", "10/9", "10/10", "10/11"),
                        district.lastNames().keySet());
                Seen.notice("snapshot approved", connector, "7 rows differed", "5 of them gone");
                TestDistrict.await(() -> isEmpty(district));
            }
        }
    }

    private static boolean isEmpty(TestDistrict district) {
        try (Holds holds = holds(district)) {
            return holds.read().equals(new Holds.HoldState(Optional.empty(), Optional.empty()));
        }
    }

    @Test
    void anApprovalThatIsGivenWhileTheConnectorIsDownIsTakenUp(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "approved-down")) {
            CaptureHold held;
            try (Connector connector = district.connector()) {
                held = awaitHeld(district, connector);
            }
            decide(district, held, HoldDecision.APPROVED);
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                assertFalse(district.lastNames().containsKey("10/1"));
            }
        }
    }

    @Test
    void anApprovalIsForTheHoldItNamesOnly(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "other-hold")) {
            CaptureHold held;
            try (Connector connector = district.connector()) {
                held = awaitHeld(district, connector);
            }
            district.sql("DELETE FROM dbo.STU WHERE SN = 6");
            decide(district, held, HoldDecision.APPROVED);
            try (Connector connector = district.connector()) {
                CaptureHold other = awaitHeld(district, connector);
                assertEquals(Map.of("STU", new Removal(6L, 10L, Counted.ROWS)), other.getRemovals());
                assertTrue(other.getHeldSince().isAfter(held.getHeldSince()));
                assertTrue(district.lastNames().containsKey("10/1"));
                decide(district, other, HoldDecision.APPROVED);
                TestDistrict.awaitStreaming(connector);
                assertFalse(district.lastNames().containsKey("10/6"));
            }
        }
    }

    @Test
    void aRejectedSnapshotIsNeverPublishedAndARepairedDatabaseEndsTheHold(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "rejected");
                Connector connector = district.connector()) {
            CaptureHold held = awaitHeld(district, connector);
            decide(district, held, HoldDecision.REJECTED);
            Seen.state("snapshot rejected", connector, "rejected by maria@office", "5 of 10 rows of STU");
            assertTrue(district.lastNames().containsKey("10/1"));
            for (int i = 1; i <= 5; i++) {
                district.student(10, i, "v0");
            }
            TestDistrict.awaitStreaming(connector);
            assertEquals(11, district.lastNames().size());
            assertEquals(2, district.snapshots().get(1).getWritten());
            assertEquals(0, district.snapshots().get(1).getRemoved());
        }
    }
}
