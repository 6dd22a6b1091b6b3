package dev.patronstream.streams;

import static dev.patronstream.streams.epochs.Rows.enrollment;
import static dev.patronstream.streams.epochs.Rows.school;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.sandbox.kafka.LostBeginning;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.streams.epochs.Stores;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The broker has lost the last transaction of a topic, each topic in its turn, and other records take its offsets: the
 * tables say what the rows say all the same, and nobody leaves who is there.
 */
@Tag("faults")
final class LostTailTest {

    private static final int STUDENTS = 30;

    @TempDir
    static Path folder;

    private static BrokerDistrict.Cluster cluster;
    private final Map<String, String> rows = new TreeMap<>();
    private BrokerDistrict district;

    @BeforeAll
    static void startKafka() {
        cluster = new BrokerDistrict.Cluster(folder);
    }

    @AfterAll
    static void stopKafka() {
        cluster.close();
    }

    @BeforeEach
    void aDistrict() {
        district = cluster.district(folder);
        district.feeds(RebuildTest.DESTINY);
        for (int student = 0; student < STUDENTS; student++) {
            put(student, "Before");
        }
        district.runUntilApplied(district.connector.endEpoch());
        put(1, "Lost");
        put(2, "Lost");
        district.connector.put(school(10, "Lost"));
        district.runUntilApplied(district.connector.endEpoch());
    }

    @AfterEach
    void closeDistrict() {
        district.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aeries.stu",
                "progress",
                "feed.destiny",
                "epochs",
                "rows",
                "ledger",
                "__consumer_offsets",
                "__transaction_state"
            })
    void whileEverythingIsStopped(String lost) {
        cluster.loseTail(folder, topic(lost));

        goOnWithout(lost);
        district.runUntilApplied(district.connector.endEpoch());
        assertTablesAreRight();
        assertTheStateIsWhole();
    }

    @ParameterizedTest
    @ValueSource(strings = {"aeries.stu", "progress", "feed.destiny", "rows"})
    void whileTheApplicationRuns(String lost) {
        try (StreamsApp app = district.start()) {
            put(3, "Lost");
            district.awaitApplied(app, district.connector.endEpoch());
            cluster.loseTail(folder, topic(lost));

            goOnWithout(lost);
            district.awaitApplied(app, district.connector.endEpoch());
            // What is found out by this epoch's own writing is mended when it has been applied once more.
            put(4, "After");
            district.awaitApplied(app, district.connector.endEpoch());
            Waiting.until(
                    app::status,
                    () -> district.feed("destiny").size() == STUDENTS
                            && district.patrons().size() == STUDENTS);
        }
        put(5, "After");
        district.runUntilApplied(district.connector.endEpoch());
        assertTablesAreRight();
        assertTheStateIsWhole();
    }

    /** Nothing is written until the loss has been mended: only looking at the end of the topic tells. */
    @ParameterizedTest
    @ValueSource(strings = {"patrons", "feed.destiny", "epochs", "rows"})
    void whileTheApplicationRunsAndNothingChanges(String lost) {
        try (StreamsApp app = district.start()) {
            put(3, "Lost");
            long epoch = district.connector.endEpoch();
            district.awaitApplied(app, epoch);
            cluster.loseTail(folder, topic(lost));

            // The state is dropped, and the topics are replayed.
            Waiting.until(app::status, () -> app.status().applied().isEmpty());
            district.awaitApplied(app, epoch);
            // A transaction begins when the one before, which mended the loss, has its marker in every topic.
            put(4, "After");
            district.awaitApplied(app, district.connector.endEpoch());
        }
        assertTablesAreRight();
        assertTheStateIsWhole();
    }

    @Test
    void anOutputLosesItsBeginningWhileTheApplicationRuns() throws Exception {
        try (StreamsApp app = district.start()) {
            put(3, "After");
            district.awaitApplied(app, district.connector.endEpoch());
            LostBeginning.cut(cluster.bootstrapServers(), topic("feed.destiny"), 10);

            Waiting.until(app::status, () -> names().equals(rows));
        }
        assertTablesAreRight();
        assertTheStateIsWhole();
    }

    /** Nothing is written, and nothing is lost; no restart is needed. */
    @Test
    void anOutputThatIsSetToTakeNoRecordsIsSetRightWhileTheApplicationRuns() throws Exception {
        try (StreamsApp app = district.start()) {
            put(3, "Before");
            district.awaitApplied(app, district.connector.endEpoch());
            AlterConfigOp tooMany = new AlterConfigOp(
                    new ConfigEntry(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2"), AlterConfigOp.OpType.SET);
            district.admin
                    .incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic("feed.destiny")), List.of(tooMany)))
                    .all()
                    .get();

            put(3, "After");
            district.awaitApplied(app, district.connector.endEpoch());
        }
        assertTablesAreRight();
    }

    /** A volume put back as it was: all of them have lost the same transactions. */
    @Test
    void allTopicsOfTheApplicationTogether() {
        cluster.loseTails(
                folder,
                Stream.concat(Stream.of("patrons", "feed.destiny", "epochs"), Stores.NAMES.stream())
                        .map(this::topic)
                        .toList());
        goOnWithout("all");
        district.runUntilApplied(district.connector.endEpoch());
        assertTablesAreRight();
        assertTheStateIsWhole();
    }

    /** The connector publishes once more what a contract topic has lost, and another row changes. */
    private void goOnWithout(String lost) {
        district.connectAgain();
        if (lost.equals("aeries.stu")) {
            rows.forEach((key, name) -> {
                if (name.equals("Lost")) {
                    put(Integer.parseInt(key.substring("student/".length())), name);
                }
            });
        }
        put(9, "Found");
    }

    private void put(int student, String name) {
        district.connector.put(enrollment(10, student, student).setLastName(name));
        rows.put("student/" + student, name);
    }

    private Map<String, String> names() {
        Map<String, String> names = new TreeMap<>();
        district.entries("destiny")
                .forEach((key, entry) -> names.put(key, entry.getLastName().orElseThrow()));
        return names;
    }

    private void assertTablesAreRight() {
        assertEquals(rows, names());
        assertEquals(rows.keySet(), district.patrons().keySet());
        for (String output : List.of(district.topics.patrons(), district.topics.feed("destiny"))) {
            assertEquals(
                    List.of(),
                    district.written(output).stream()
                            .filter(record -> record.startsWith("-"))
                            .toList(),
                    "nobody has left");
        }
    }

    /** On another machine the state comes from the changelogs alone, and other rules look at every person's rows. */
    private void assertTheStateIsWhole() {
        district.stateDirectory(folder.resolve(district.topics.district() + "-elsewhere"));
        district.rules(new PatronRules(PatronRules.DEFAULT.statusByTag(), Set.of(), Set.of(99), List.of()));
        long patrons = district.end(district.topics.patrons());
        put(6, "Last");
        district.runUntilApplied(district.connector.endEpoch());
        assertTablesAreRight();
        assertEquals(2, district.end(district.topics.patrons()) - patrons, "one record and its marker");
    }

    private String topic(String name) {
        if (name.startsWith("__")) {
            return name;
        }
        return Stores.NAMES.contains(name) ? district.changelog(name) : district.topics.district() + "." + name;
    }
}
