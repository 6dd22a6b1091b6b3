package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the connector stands on is killed, again and again, while a school office works. */
@ExtendWith(KafkaExtension.class)
class ServersKillTest {

    @TempDir
    Path directory;

    @Test
    void afterKillsOfBrokerAndRegistryEveryTransactionIsPublishedOnceAndWhole() throws Exception {
        Path log = Path.of("target", "killed-broker.log");
        try (ClusterProcess cluster = new ClusterProcess(directory.resolve("cluster"), log);
                TestDistrict district = new TestDistrict(
                                directory.resolve("database"),
                                cluster.bootstrapServers(),
                                cluster.registryUrl(),
                                "broker-killed",
                                settings -> settings.withCaptureInterval(Duration.ofMillis(100)))
                        .withTables();
                Connector connector = TestDistrict.start(
                        new Connector(district.settings(limits -> TestLimits.withMaxRows(limits, 25), Map.of())))) {
            TestDistrict.awaitStreaming(connector);
            try (Office office = new Office(district, 31, 40, 60, 20).start()) {
                for (int i = 0; i < KillTest.KILLS; i++) {
                    long before = connector.status().counters().epochs();
                    TestDistrict.await(connector, status -> status.counters().epochs() > before + 5);
                    cluster.kill();
                    cluster.start();
                }
                long before = connector.status().counters().epochs();
                TestDistrict.await(connector, status -> status.counters().epochs() > before + 5);
                office.finish();
                String last = district.server().history().maxLsn().orElseThrow();
                TestDistrict.await(connector, status -> status.watermark()
                        .filter(watermark -> watermark.text().compareTo(last) >= 0)
                        .isPresent());
                assertEquals(1, district.snapshots().size(), () -> "snapshots: " + district.snapshots());
                assertSameHistories(office.history(), district.namesByCommit());
                district.assertTransactionsAreWhole();
            }
        }
    }

    @Test
    void afterKillsOfTheDatabaseEveryTransactionIsPublishedOnceAndWhole(TestKafka kafka) throws Exception {
        Random random = new Random(99);
        try (TestDistrict district = new TestDistrict(
                                directory, kafka, "database-killed", settings -> settings.withCaptureInterval(
                                                Duration.ofMillis(200))
                                        .withShuffledSequenceValues(true))
                        .withTables();
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            String first = district.epochs().get(0).getWatermark();
            Path database = directory.resolve("sqlserver");
            int port = district.server().port();
            district.stopServer();
            StubbornOffice office = new StubbornOffice(district, 99).start();
            for (int i = 0; i < KillTest.KILLS; i++) {
                Process server = DatabaseProcess.start(database, port);
                try {
                    int before = office.commits();
                    TestDistrict.await(() -> office.commits() > before + 40);
                    Thread.sleep(random.nextInt(500));
                } finally {
                    server.destroyForcibly().waitFor();
                }
            }
            office.finish();
            district.startServer();
            String last = district.server().history().maxLsn().orElseThrow();
            TestDistrict.await(connector, status -> status.watermark()
                    .filter(watermark -> watermark.text().compareTo(last) >= 0)
                    .isPresent());
            Map<String, List<String>> expected = new LinkedHashMap<>();
            district.server().history().transactionsAfter(first).forEach(transaction -> {
                Map<String, String> touched = new LinkedHashMap<>();
                transaction
                        .changes()
                        .forEach(change -> touched.put(
                                change.key().get("SC") + "/" + change.key().get("SN"),
                                change.after().isEmpty()
                                        ? null
                                        : String.valueOf(change.after().get("LN"))));
                touched.forEach((key, name) ->
                        expected.computeIfAbsent(key, k -> new ArrayList<>()).add(name));
            });
            assertSameHistories(expected, district.namesByCommit());
            district.assertTransactionsAreWhole();
            assertTrue(connector.failure().isEmpty());
        }
    }

    /** Says of the first row that differs from where on; all of them would be a page of names without an end. */
    private static void assertSameHistories(
            Map<String, ? extends List<String>> expected, Map<String, ? extends List<String>> published) {
        assertEquals(expected.keySet(), published.keySet());
        expected.forEach((key, names) -> {
            List<String> seen = published.get(key);
            int same = 0;
            while (same < Math.min(names.size(), seen.size()) && Objects.equals(names.get(same), seen.get(same))) {
                same++;
            }
            assertEquals(
                    names.subList(same, Math.min(same + 20, names.size())),
                    seen.subList(same, Math.min(same + 20, seen.size())),
                    "Row " + key + " from its version " + same + " on, of " + names.size() + " and " + seen.size());
        });
    }
}
