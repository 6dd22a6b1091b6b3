package dev.patronstream.streams;

import static dev.patronstream.streams.epochs.Rows.enrollment;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Positions ahead of what the stores have read, as after state was lost unseen; and rows that do not come. */
final class PositionsTest {

    @TempDir
    Path folder;

    @Test
    void rowsThatTheStoresDoNotKnowAreReadAgain() {
        try (BrokerDistrict.Cluster cluster = new BrokerDistrict.Cluster(folder);
                BrokerDistrict district = cluster.district(folder)) {
            district.connector.put(enrollment(10, 1, 1));
            district.connector.put(enrollment(10, 2, 2));
            district.runUntilApplied(district.connector.endEpoch());
            district.connector.put(enrollment(10, 3, 3));
            district.connector.endEpoch();
            district.movePositionsToTheEnd();
            district.connector.removeEnrollment(10, 2);
            district.runUntilApplied(district.connector.endEpoch());
            assertEquals(2, district.patrons().size());
        }
    }

    @Test
    void announcedRowsThatDoNotComeAreNotHealthy() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        try (BrokerDistrict.Cluster cluster = new BrokerDistrict.Cluster(folder);
                BrokerDistrict district = cluster.district(folder);
                StreamsApp app = new StreamsApp(district.settings(), now::get)) {
            app.start();
            district.connector.put(enrollment(10, 1, 1));
            district.awaitApplied(app, district.connector.endEpoch());
            district.connector.announce(100);
            Waiting.until(app::status, () -> app.status().message().startsWith("Waiting for rows"));
            now.set(now.get().plusSeconds(75));
            StreamsStatus status = app.status();
            assertEquals(StreamsStatus.Phase.STALLED, status.phase());
            assertTrue(status.message().contains("has not moved for 75 s"), status::message);
        }
    }
}
