package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.ContentDigest;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.RecordHeaders;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the stages have written, as a reader saw it. Not thread-safe. */
final class Outputs implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Topics topics;
    private final Tape tape;
    private final AvroSerdes serdes;
    private final CommittedTopics reader;

    Outputs(Evidence evidence) {
        this.topics = evidence.topics();
        this.tape = evidence.tape();
        this.serdes = new AvroSerdes(Map.of("schema.registry.url", evidence.registryUrl()));
        this.reader = new CommittedTopics(Map.of("bootstrap.servers", evidence.bootstrapServers()), PATIENCE);
    }

    /** The topics that are judged. */
    static Set<String> followed(Topics topics, List<String> feeds) {
        Set<String> followed = new TreeSet<>(Set.of(topics.progress(), topics.epochs(), topics.deliveries()));
        SourceTable.of(topics).forEach(table -> followed.add(table.topic()));
        feeds.forEach(feed -> followed.add(topics.feed(feed)));
        return followed;
    }

    /** Every record of a contract topic. */
    Reel<Published> published(SourceTable table) {
        RecordForm<?> form = RecordForm.of(serdes.deserializer(table.contract()));
        return tape.reel(table.topic(), sent -> {
            TopicRecord<?> seen = own(form, sent);
            return Optional.of(new Published(
                    seen.key(),
                    header(seen, RecordHeaders.LSN),
                    seen.epoch().orElseThrow(),
                    seen.offset(),
                    seen.value()
                            .map(value -> table.state((SpecificRecordBase) value))
                            .orElse(SourceTable.ABSENT)));
        });
    }

    /** Every epoch that the connector has ended. */
    Reel<Progress> progress() {
        return values(topics.progress(), Progress.class);
    }

    /** Every epoch that the topology has announced; that announcements were taken back is left out. */
    Reel<EpochApplied> applied() {
        return values(topics.epochs(), EpochApplied.class);
    }

    /** Every record of every receipt. */
    List<Delivery> receipts() {
        return values(topics.deliveries(), Delivery.class).values();
    }

    /** Every record of a feed. */
    Reel<FeedJudge.Written> feed(String feed) {
        RecordForm<FeedEntry> form = RecordForm.of(serdes.deserializer(FeedEntry.class));
        return tape.reel(topics.feed(feed), sent -> {
            TopicRecord<FeedEntry> seen = own(form, sent);
            return Optional.of(new FeedJudge.Written(
                    seen.key(),
                    seen.epoch().orElseThrow(),
                    seen.value().orElse(null),
                    sent.value() == null ? 0 : ContentDigest.of(sent.value())));
        });
    }

    /** Returns the topics that do not hold what a reader saw of them: a broker has lost records without a fault. */
    Set<String> unlike(List<String> feeds) {
        Set<String> unlike = new TreeSet<>();
        for (String topic : followed(topics, feeds)) {
            Set<Long> seen = new HashSet<>();
            tape.reel(topic, Optional::of).left().forEach(record -> seen.add(record.offset()));
            Set<Long> there = new HashSet<>();
            reader.read(topic, RecordForm.ANY, record -> there.add(record.offset()));
            if (!seen.equals(there)) {
                unlike.add(topic);
            }
        }
        return unlike;
    }

    List<Instant> losses(String topic) {
        return tape.losses(topic);
    }

    private <T extends SpecificRecordBase> Reel<T> values(String topic, Class<T> type) {
        RecordForm<T> form = RecordForm.of(serdes.deserializer(type));
        Function<ConsumerRecord<String, byte[]>, Optional<T>> reading =
                sent -> own(form, sent).value();
        return tape.reel(topic, reading);
    }

    private static <T> TopicRecord<T> own(RecordForm<T> form, ConsumerRecord<String, byte[]> sent) {
        TopicRecord<T> seen = form.read(sent);
        if (seen.isForeign()) {
            throw new IllegalStateException(seen.complaint());
        }
        return seen;
    }

    private static String header(TopicRecord<?> seen, String name) {
        return new String(seen.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        reader.close();
    }
}
