package dev.patronstream.streams;

import static dev.patronstream.streams.epochs.Rows.enrollment;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker is away for longer than a transaction may last, and for longer than Kafka Streams waits by default. */
@Tag("faults")
final class OutageTest {

    private static final int STUDENTS = 1_000;

    /** Several times as long as anything that is waited for below. */
    private static final Duration OUTAGE = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    private BrokerDistrict.Cluster cluster;
    private BrokerDistrict district;

    @BeforeEach
    void aDistrict() {
        cluster = new BrokerDistrict.Cluster(folder);
        district = cluster.district(folder);
    }

    @AfterEach
    void closeAll() {
        district.close();
        cluster.close();
    }

    @Test
    void aCommitWaitsForTheBroker() throws InterruptedException {
        district.kafka(Map.of("producer.transaction.timeout.ms", 5_000));
        theTableFollowsAfterAnOutage();
    }

    /**
     * Left to these Kafka Streams gives its task up after three seconds and makes it again in place, looks in vain for the
     * ends of the changelogs, and then takes what the old task had written for read back.
     */
    @Test
    void noSettingMakesKafkaStreamsGiveItsTaskUp() throws InterruptedException {
        district.kafka(Map.of(
                "producer.max.block.ms", 3_000,
                "admin.default.api.timeout.ms", 2_000,
                "admin.request.timeout.ms", 1_000));
        theTableFollowsAfterAnOutage();
    }

    private void theTableFollowsAfterAnOutage() throws InterruptedException {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        try (StreamsApp app = new StreamsApp(district.settings(), now::get)) {
            app.start();
            for (int student = 0; student < STUDENTS; student++) {
                district.connector.put(enrollment(10, student, student));
            }
            district.awaitApplied(app, district.connector.endEpoch());

            cluster.stopKafka();
            Thread.sleep(OUTAGE.toMillis());
            now.set(now.get().plusSeconds(90));
            StreamsStatus away = app.status();
            cluster.startKafka();

            district.connector.put(enrollment(20, 7, 7));
            district.connector.put(enrollment(10, STUDENTS, STUDENTS));
            district.awaitApplied(app, district.connector.endEpoch());
            assertEquals(STUDENTS + 1, app.status().patrons());
            assertEquals(STUDENTS + 1, district.patrons().size());
            assertEquals(StreamsStatus.Phase.RUNNING, app.status().phase(), () -> app.status()
                    .toString());
            assertEquals(StreamsStatus.Phase.RETRYING, away.phase(), away::toString);
            assertTrue(away.message().contains("has not moved for 90 s"), away::message);
        }
    }
}
