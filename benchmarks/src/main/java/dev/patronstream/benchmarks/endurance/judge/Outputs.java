package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.RecordHeaders;
import dev.patronstream.schemas.Topics;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** What the stages have written, read back from the topics once everything stands still. Not thread-safe. */
final class Outputs implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Topics topics;
    private final AvroSerdes serdes;
    private final CommittedTopics reader;

    Outputs(Topics topics, String bootstrapServers, String registryUrl) {
        this.topics = topics;
        this.serdes = new AvroSerdes(Map.of("schema.registry.url", registryUrl));
        this.reader = new CommittedTopics(Map.of("bootstrap.servers", bootstrapServers), PATIENCE);
    }

    /** Every record of a contract topic. */
    List<Published> published(SourceTable table) {
        List<Published> records = new ArrayList<>();
        read(
                table.topic(),
                table.contract(),
                (seen, value) -> records.add(new Published(
                        seen.key(),
                        header(seen, RecordHeaders.LSN),
                        Long.parseLong(header(seen, RecordHeaders.EPOCH)),
                        seen.offset(),
                        value == null ? SourceTable.ABSENT : table.state(value))));
        return records;
    }

    /** Every epoch that the connector has ended. */
    List<Progress> progress() {
        return values(topics.progress(), Progress.class);
    }

    /** Every epoch that the topology has applied; announcements that were taken back are left out. */
    List<EpochApplied> applied() {
        return values(topics.epochs(), EpochApplied.class);
    }

    /** Every record of every receipt. */
    List<Delivery> receipts() {
        return values(topics.deliveries(), Delivery.class);
    }

    /** Every record of a feed, null for a tombstone. */
    void feed(String feed, BiConsumer<String, @Nullable FeedEntry> each) {
        read(topics.feed(feed), FeedEntry.class, (seen, value) -> each.accept(seen.key(), value));
    }

    private <T extends SpecificRecordBase> List<T> values(String topic, Class<T> type) {
        List<T> values = new ArrayList<>();
        read(topic, type, (seen, value) -> {
            if (value != null) {
                values.add(value);
            }
        });
        return values;
    }

    private <T extends SpecificRecordBase> void read(
            String topic, Class<T> type, BiConsumer<TopicRecord<T>, @Nullable T> each) {
        reader.read(topic, RecordForm.of(serdes.deserializer(type)), seen -> {
            if (seen.isForeign()) {
                throw new IllegalStateException(seen.complaint());
            }
            each.accept(seen, seen.value().orElse(null));
        });
    }

    private static String header(TopicRecord<?> seen, String name) {
        return new String(seen.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        reader.close();
    }
}
