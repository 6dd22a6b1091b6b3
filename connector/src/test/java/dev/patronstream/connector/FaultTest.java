package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.embedded.registry.EmbeddedRegistry;
import io.debezium.connector.common.BaseSourceTask;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Parts of the world go away and come back. */
@ExtendWith(KafkaExtension.class)
class FaultTest {

    @TempDir
    Path directory;

    private TestDistrict district(TestKafka kafka, String name) throws Exception {
        return new TestDistrict(
                        directory, kafka, name, settings -> settings.withCaptureInterval(Duration.ofMillis(200)))
                .withTables();
    }

    @Test
    void restartsInTheMiddleLoseAndRepeatNothing(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "restarts")) {
            try (Connector first = district.connector()) {
                TestDistrict.awaitStreaming(first);
            }
            try (Office office = new Office(district, 1, 30, 50, 10).start()) {
                for (int i = 0; i < 4; i++) {
                    try (Connector connector = district.connector()) {
                        TestDistrict.awaitStreaming(connector);
                        long before = connector.status().counters().epochs();
                        TestDistrict.await(
                                connector, status -> status.counters().epochs() > before + 3);
                    }
                }
                office.finish();
                try (Connector last = district.connector()) {
                    district.awaitNames(office.table());
                    assertTrue(last.failure().isEmpty());
                }
                assertEquals(office.history(), district.namesByCommit());
            }
        }
    }

    @Test
    void theEngineRestartingItsTaskInTheProcessRepeatsNothing(TestKafka kafka) throws Exception {
        ListAppender<ILoggingEvent> restarts = new ListAppender<>();
        restarts.list = new CopyOnWriteArrayList<>();
        BooleanSupplier restarted = () ->
                restarts.list.stream().anyMatch(event -> event.getMessage().equals("Successfully restarted task"));
        Logger task = (Logger) LoggerFactory.getLogger(BaseSourceTask.class);
        task.setLevel(Level.INFO);
        task.setAdditive(false);
        task.addAppender(restarts);
        restarts.start();
        try (TestDistrict district = district(kafka, "task");
                RelayProxy proxy = new RelayProxy(district.server().port());
                Connector connector = TestDistrict.start(new Connector(district.settings(
                        limits -> TestLimits.withMaxRows(limits, 25),
                        Map.of(
                                "database.port", Integer.toString(proxy.port()),
                                "errors.max.retries", "-1",
                                "retriable.restart.connector.wait.ms", "100"))))) {
            TestDistrict.awaitStreaming(connector);
            try (Office office = new Office(district, 2, 30, 60, 10).start()) {
                Random random = new Random(2);
                // A cut may hit a task that starts, or a connection that nobody uses: there are as many as it takes.
                for (int i = 0; i < 25 || !restarted.getAsBoolean(); i++) {
                    assertTrue(i < 1_000, "no cut was answered by a restart of the task");
                    Thread.sleep(random.nextInt(400));
                    proxy.cut();
                }
                office.finish();
                district.awaitNames(office.table());
                assertEquals(office.history(), district.namesByCommit());
            }
        }
    }

    @Test
    void aConnectionThatBreaksIsRetriedByStartingOver(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "broken");
                RelayProxy proxy = new RelayProxy(district.server().port());
                Connector connector = TestDistrict.start(new Connector(district.settings(
                        limits -> limits, Map.of("database.port", Integer.toString(proxy.port())))))) {
            TestDistrict.awaitStreaming(connector);
            try (Office office = new Office(district, 3, 30, 60, 10).start()) {
                for (int i = 0; i < 3; i++) {
                    long before = connector.status().counters().retries();
                    proxy.refuse(Duration.ofMillis(700));
                    TestDistrict.await(
                            connector,
                            status -> status.counters().retries() > before
                                    && status.state() instanceof ConnectorStatus.Streaming);
                }
                office.finish();
                district.awaitNames(office.table());
                assertEquals(office.history(), district.namesByCommit());
            }
        }
    }

    @Test
    void aSecondConnectorTakesOverAndTheFirstEndsSayingSo(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "fenced");
                Connector zombie = district.connector()) {
            TestDistrict.awaitStreaming(zombie);
            try (Connector successor = district.connector()) {
                TestDistrict.awaitStreaming(successor);
                TestDistrict.await(() -> zombie.failure().isPresent());
                assertTrue(
                        String.valueOf(zombie.failure().orElseThrow().getMessage())
                                .contains("has taken over"),
                        () -> zombie.failure().toString());
                district.student(10, 1, "Once");
                district.awaitNames(Map.of("10/1", "Once"));
                assertEquals(List.of("Once"), district.namesInOrder().get("10/1"));
                assertTrue(successor.failure().isEmpty());
            }
        }
    }

    /**
     * It was away when the other one took over, so it was not fenced in the middle of anything. If it looked just before
     * that, it may fence the other one once; it sees then who has the district, and the other one starts over.
     */
    @Test
    void aConnectorThatStartsOverDoesNotTakeTheDistrictBack(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "taken-back");
                RelayProxy proxy = new RelayProxy(district.server().port());
                Connector away = TestDistrict.start(new Connector(district.settings(
                        limits -> limits, Map.of("database.port", Integer.toString(proxy.port())))))) {
            TestDistrict.awaitStreaming(away);
            proxy.refuse();
            TestDistrict.await(away, status -> status.counters().retries() > 0);
            try (Connector successor = district.connector()) {
                TestDistrict.awaitStreaming(successor);
                proxy.accept();
                TestDistrict.await(() -> away.failure().isPresent());
                assertTrue(
                        String.valueOf(away.failure().orElseThrow().getMessage())
                                .contains("has taken over"),
                        () -> away.failure().toString());
                district.student(10, 1, "Once");
                district.awaitNames(Map.of("10/1", "Once"));
                assertTrue(successor.failure().isEmpty());
                assertEquals(0, successor.status().counters().retries(), "the successor was not disturbed");
            }
        }
    }

    @Test
    void anErrorOfTheProcessEndsCaptureAndSaysSo(TestKafka kafka) throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        try (TestDistrict district = district(kafka, "error");
                Connector connector = TestDistrict.start(new Connector(district.settings(), () -> {
                    if (failing.get()) {
                        throw new OutOfMemoryError("Java heap space");
                    }
                    return Instant.now();
                }))) {
            TestDistrict.awaitStreaming(connector);
            failing.set(true);
            TestDistrict.await(() -> connector.failure().isPresent());
            Seen.failure(
                    "out of memory",
                    connector.failure().orElseThrow().getMessage(),
                    "Capture ended by an error of the Java process (java.lang.OutOfMemoryError: Java heap space)");
        }
    }

    @Test
    void aBrokerThatGoesAwayIsWaitedFor() throws Exception {
        Path kafkaDirectory = directory.resolve("own-kafka");
        try (EmbeddedKafka broker = EmbeddedKafka.start(kafkaDirectory, 0);
                EmbeddedRegistry registry = EmbeddedRegistry.start(broker.bootstrapServers(), 0);
                TestDistrict district = district(new TestKafka(kafkaDirectory, broker, registry), "broker");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            try (Office office = new Office(district, 4, 30, 60, 10).start()) {
                long before = connector.status().counters().sourceTransactions();
                TestDistrict.await(connector, status -> status.counters().sourceTransactions() > before + 20);
                broker.stop();
                Thread.sleep(3_000);
                broker.start();
                office.finish();
                district.awaitNames(office.table());
                assertEquals(office.history(), district.namesByCommit());
            }
        }
    }

    @Test
    void closingIsQuickWhileTheBrokerIsAway() throws Exception {
        Path kafkaDirectory = directory.resolve("own-kafka");
        try (EmbeddedKafka broker = EmbeddedKafka.start(kafkaDirectory, 0);
                EmbeddedRegistry registry = EmbeddedRegistry.start(broker.bootstrapServers(), 0);
                TestDistrict district = district(new TestKafka(kafkaDirectory, broker, registry), "closing")) {
            Connector connector = district.connector();
            TestDistrict.awaitStreaming(connector);
            broker.stop();
            district.student(10, 1, "Later");
            connector.close();
            assertTrue(connector.completion().isDone());
            broker.start();
            try (Connector again = district.connector()) {
                district.awaitNames(Map.of("10/1", "Later"));
                assertTrue(again.failure().isEmpty());
            }
        }
    }
}
