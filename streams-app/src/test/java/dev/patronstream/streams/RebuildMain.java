package dev.patronstream.streams;

import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.epochs.EpochSettings;
import dev.patronstream.streams.rebuild.Rebuild;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A rebuild in a process of its own, to be killed. In small pieces, so that each step takes a while; says what it does. */
final class RebuildMain {

    private static final int PIECE = 50;

    private RebuildMain() {}

    public static void main(String[] arguments) {
        StreamsSettings settings = new StreamsSettings(
                new EpochSettings(
                        new Topics(arguments[2]),
                        new AvroSerdes(Map.of("schema.registry.url", arguments[1])),
                        PatronRules.DEFAULT,
                        List.of(RebuildTest.DESTINY),
                        PIECE),
                TopicSettings.SINGLE_BROKER,
                Map.of("bootstrap.servers", arguments[0], "main.consumer.max.poll.records", 20),
                Path.of(arguments[3]),
                0);
        try (Rebuild rebuild = new Rebuild(settings, InstantSource.system())) {
            rebuild.run(
                    false,
                    status -> System.out.println(status.message() + " "
                            + status.work()
                                    .map(work -> work.done() + "/" + work.total())
                                    .orElse("")),
                    () -> false);
        }
        System.out.println("done");
    }
}
