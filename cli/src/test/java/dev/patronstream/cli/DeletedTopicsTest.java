package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Topics are deleted while everything is stopped, one child gets another name meanwhile and one leaves, and {@code run}
 * is started again: it goes on by itself, and both are reported.
 */
@Tag("faults")
class DeletedTopicsTest {

    @TempDir
    static Path folder;

    private static SmallDistrict district;

    @BeforeAll
    static void open() throws Exception {
        district = new SmallDistrict(folder);
    }

    @AfterAll
    static void close() {
        district.close();
    }

    @AfterEach
    void stop() throws Exception {
        district.stop();
    }

    /** Beginnings of names, without the district's. */
    static Stream<List<String>> topics() {
        return Stream.of(
                List.of("aeries.stu"),
                List.of("aeries.loc"),
                List.of("aeries.stf"),
                List.of("progress"),
                List.of("connector.offsets"),
                List.of("progress", "connector.offsets"),
                List.of("connector.schema-history"),
                List.of("connector.holds"),
                List.of("patrons"),
                List.of("feed."),
                List.of("epochs"),
                List.of("delivered."),
                List.of("deliveries"),
                List.of("feed-states"),
                List.of("deliveries", "feed-states"),
                List.of("feed-states", "delivered."),
                List.of("deliveries", "feed-states", "delivered."),
                List.of("pauses"),
                List.of("stages"),
                List.of("streams-"),
                List.of("aeries.", "progress", "connector."),
                List.of(""));
    }

    @ParameterizedTest
    @MethodSource("topics")
    void deletedWhileStopped(List<String> names) throws Exception {
        district.run();
        district.deliver();
        district.stop();
        delete(names);
        district.changeAndLeave();
        district.run();
        district.deliver();
        district.assertAuditIsClean();
    }

    private static void delete(List<String> names) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", district.bootstrapServers()))) {
            List<String> found = admin.listTopics().names().get().stream()
                    .filter(topic -> names.stream().anyMatch(name -> topic.startsWith("eagle." + name)))
                    .toList();
            if (!names.contains("pauses")) {
                assertFalse(found.isEmpty(), names.toString());
            }
            admin.deleteTopics(found).all().get();
        }
    }
}
