package dev.patronstream.demo;

import static dev.patronstream.demo.SandboxDistrict.await;
import static dev.patronstream.demo.SandboxDistrict.own;
import static dev.patronstream.demo.SandboxDistrict.role;
import static dev.patronstream.demo.SandboxDistrict.status;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patronstream.cli.PatronstreamProcess;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two streams applications as processes: one keeps the patron table, the other a copy of its state, and takes over. */
@Tag("faults")
class StreamsSpareTest {

    private static final int PATRONS = 1;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void aSpareWithACopyTakesOverFromOneThatWasKilledAndFromOneThatIsFrozenWhichThenIsTheSpare() throws Exception {
        try (SandboxDistrict district = SandboxDistrict.start(folder, 60);
                CommittedTopics topics = new CommittedTopics(district.kafka())) {
            district.run("connector", "connector");
            PatronstreamProcess one = streams(district, "one");
            PatronstreamProcess other = streams(district, "other");
            Feed feed = new Feed(district, topics);
            PatronstreamProcess leader = leader(one, other);
            PatronstreamProcess spare = leader == one ? other : one;

            long began = System.nanoTime();
            leader.kill();
            feed.rename("Killed");
            measured("kill -9", began);
            await(spare, StreamsSpareTest::leads);

            PatronstreamProcess again = streams(district, leader == one ? "one" : "other");
            PatronstreamProcess active = leader(spare, again);
            PatronstreamProcess waiting = active == spare ? again : spare;
            began = System.nanoTime();
            active.signal("STOP");
            feed.rename("Frozen");
            measured("SIGSTOP", began);
            await(waiting, StreamsSpareTest::leads);
            active.signal("CONT");
            leader(waiting, active);
            feed.rename("Afterwards");
        }
    }

    /** The feed as its readers see it: what is committed. */
    private record Feed(
            SandboxDistrict district, CommittedTopics topics, String topic, RecordForm<FeedEntry> form, String key) {

        Feed(SandboxDistrict district, CommittedTopics topics) throws Exception {
            this(
                    district,
                    topics,
                    new Topics(district.value("district")).feed("destiny"),
                    RecordForm.of(new AvroSerdes(Map.of("schema.registry.url", district.value("url")))
                            .deserializer(FeedEntry.class)));
        }

        private Feed(SandboxDistrict district, CommittedTopics topics, String topic, RecordForm<FeedEntry> form)
                throws Exception {
            this(district, topics, topic, form, somebody(topics, topic, form));
        }

        private static String somebody(CommittedTopics topics, String topic, RecordForm<FeedEntry> form)
                throws Exception {
            return await(
                            () -> topics.newest(topic, form).keySet().stream()
                                    .filter(key -> key.startsWith("student/"))
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();
        }

        /** Changes somebody's name in Aeries and waits until the feed says so. */
        void rename(String name) throws Exception {
            district.execute("UPDATE dbo.STU SET LN = '" + name + "' WHERE ID = " + key.replace("student/", ""));
            await(() -> topics.newest(topic, form, key), entry -> entry.flatMap(FeedEntry::getLastName)
                    .filter(name::equals)
                    .isPresent());
        }
    }

    private static PatronstreamProcess streams(SandboxDistrict district, String name) throws Exception {
        return district.run("streams-app", name, "feeds:", "streams: {standby-replicas: 1}\nfeeds:");
    }

    /** Waits until one does the work and the other has its copy; which is which may change when the second one comes. */
    private static PatronstreamProcess leader(PatronstreamProcess one, PatronstreamProcess other) throws Exception {
        List<JsonNode> settled = await(
                () -> List.of(status(one), status(other)),
                both -> (leads(both.get(0)) && isSpareWithCopy(both.get(1)))
                        || (leads(both.get(1)) && isSpareWithCopy(both.get(0))));
        return leads(settled.get(0)) ? one : other;
    }

    private static boolean leads(JsonNode status) {
        return role(own(status, PATRONS)).equals("leads");
    }

    private static boolean isSpareWithCopy(JsonNode status) {
        JsonNode own = own(status, PATRONS);
        return role(own).equals("waits") && own.path("sentence").asText().endsWith("this one a copy of the state");
    }

    private static void measured(String what, long began) {
        System.out.println("MEASURED from " + what + " to the next record of a feed: "
                + (System.nanoTime() - began) / 1_000_000 + " ms");
    }
}
