package dev.patronstream.streams;

import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.embedded.registry.EmbeddedRegistry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.TopicProvisioner;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.epochs.EpochSettings;
import dev.patronstream.streams.epochs.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

/**
 * Measures how long a district's first snapshot takes from the contract topics to the feed, a rebuild, a renamed school,
 * and how soon a single change is visible. To be run by hand: no test depends on time.
 *
 * <p>Arguments: students (100,000), folder (a temporary one).
 */
final class InitialSnapshotMeasurement {

    private static final int CHANGES = 50;

    private InitialSnapshotMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        int students = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        Path folder = arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempDirectory("patronstream");
        Topics topics = new Topics("eagle");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
                EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0)) {
            AvroSerdes serdes = new AvroSerdes(Map.of("schema.registry.url", registry.url()));
            provision(kafka, topics);
            try (ConnectorDouble connector = new ConnectorDouble(kafka.bootstrapServers(), serdes, topics)) {
                long began = System.nanoTime();
                for (int school = 1; school <= 40; school++) {
                    connector.put(Rows.school(school, "School " + school));
                }
                for (int student = 0; student < students; student++) {
                    connector.put(Rows.enrollment(1 + student % 40, student, student)
                            .setEmail(student + "@eagle.example")
                            .setNetworkLogin("s" + student));
                }
                for (int member = 0; member < students / 20; member++) {
                    connector.put(Rows.staff(member, 1 + member % 40));
                }
                long epoch = connector.endEpoch();
                say("published", began);

                StreamsSettings settings = settings(kafka, serdes, topics, folder.resolve("state"));
                try (StreamsApp app = new StreamsApp(settings)) {
                    began = System.nanoTime();
                    app.start();
                    await(kafka, topics, epoch);
                    say("initial snapshot: start to visible", began);
                    System.out.println(app.status());

                    connector.put(Rows.school(7, "Renamed"));
                    epoch = connector.endEpoch();
                    began = System.nanoTime();
                    await(kafka, topics, epoch);
                    say("school renamed", began);
                    single(kafka, topics, connector);
                }
                try (StreamsApp app = new StreamsApp(settings)) {
                    began = System.nanoTime();
                    app.start();
                    connector.put(Rows.school(8, "Renamed"));
                    await(kafka, topics, connector.endEpoch());
                    say("restart with state", began);
                }
                try (StreamsApp app =
                        new StreamsApp(settings(kafka, serdes, topics, folder.resolve("state-elsewhere")))) {
                    began = System.nanoTime();
                    app.start();
                    connector.put(Rows.school(9, "Renamed"));
                    await(kafka, topics, connector.endEpoch());
                    say("restart elsewhere, state from changelogs", began);
                }
            }
        }
    }

    /** From the commit of the connector's transaction to the feed, as a reader of committed records sees it. */
    private static void single(EmbeddedKafka kafka, Topics topics, ConnectorDouble connector) {
        List<Long> millis = new ArrayList<>();
        try (TopicTail feed = new TopicTail(kafka.bootstrapServers(), topics.feed("destiny"))) {
            feed.toEnd();
            for (int change = 0; change < CHANGES; change++) {
                connector.put(Rows.enrollment(1, 0, 0).setLastName("Changed" + change));
                connector.endEpoch();
                long began = System.nanoTime();
                Waiting.until(() -> "no change", () -> !feed.poll().isEmpty());
                millis.add((System.nanoTime() - began) / 1_000_000);
            }
        }
        millis.sort(null);
        System.out.printf(
                "one change, commit to feed: median %d ms, 90 %% %d ms, longest %d ms%n",
                millis.get(CHANGES / 2), millis.get(CHANGES * 9 / 10), millis.get(CHANGES - 1));
    }

    private static void await(EmbeddedKafka kafka, Topics topics, long epoch) {
        try (TopicTail epochs = new TopicTail(kafka.bootstrapServers(), topics.epochs())) {
            long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
            while (epochs.poll().stream().noneMatch(seen -> seen.epoch() >= epoch && seen.value() != null)) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("Epoch " + epoch + " was not applied in ten minutes");
                }
            }
        }
    }

    private static StreamsSettings settings(EmbeddedKafka kafka, AvroSerdes serdes, Topics topics, Path state) {
        FeedSelection destiny = new FeedSelection(
                "destiny",
                Set.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20),
                Set.of(PatronStatus.ACTIVE),
                Set.of(PatronKind.STUDENT, PatronKind.STAFF),
                PatronRules.DEFAULT);
        return new StreamsSettings(
                new EpochSettings(
                        topics, serdes, PatronRules.DEFAULT, List.of(destiny), EpochSettings.DEFAULT_PIECE_SIZE),
                TopicSettings.SINGLE_BROKER,
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                state,
                0);
    }

    private static void provision(EmbeddedKafka kafka, Topics topics) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            List<String> inputs = new ArrayList<>(topics.contracts());
            inputs.add(topics.progress());
            new TopicProvisioner(admin)
                    .ensure(inputs.stream()
                            .map(TopicSettings.SINGLE_BROKER::compacted)
                            .toList());
        }
    }

    private static void say(String what, long began) {
        System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - began) / 1e9);
    }
}
