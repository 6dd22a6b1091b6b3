package dev.patronstream.streams.topology;

import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.lifecycle.LatencyStep;
import dev.patronstream.streams.epochs.EpochSettings;
import dev.patronstream.streams.epochs.EpochSteps;
import dev.patronstream.streams.epochs.Stores;
import dev.patronstream.streams.epochs.TopologyState;
import dev.patronstream.streams.topics.TopicReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The topology's one processor: hands records and ticks to {@link EpochSteps}.
 *
 * <p>Made and initialized once. When Kafka Streams gives a task up and makes it again ("corrupted", after a commit that
 * timed out) it keeps the task's object and with it how far the task had written its changelogs. It may take that for
 * what the emptied stores have read back, and then they are not read back, or in parts. So a task that is initialized
 * again is refused: its thread ends, the stores are deleted, and the next thread makes a new task and reads all back.
 *
 * <p>What is kept in memory is made from the stores with the first call (stores cannot be written to while the task is
 * being initialized).
 */
final class EpochProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    /** Only how soon a long step goes on, or a gap is looked at; nothing depends on the time itself. */
    static final Duration TICK = Duration.ofMillis(50);

    private final EpochSettings settings;
    private final Supplier<TopicReader> readers;
    private final Consumer<TopologyState> board;
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable TopicReader reader;
    private @Nullable EpochSteps steps;
    private long lastEpoch = -1;

    EpochProcessor(EpochSettings settings, Supplier<TopicReader> readers, Consumer<TopologyState> board) {
        this.settings = settings;
        this.readers = readers;
        this.board = board;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        if (context != null) {
            throw new ProcessorStateException("Kafka Streams has given task " + processorContext.taskId()
                    + " up and made it again in place, which may"
                    + " leave its state incomplete. The state is deleted and read back by a new task");
        }
        context = processorContext;
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, now -> steps().tick());
    }

    @Override
    public void process(Record<byte[], byte[]> row) {
        RecordMetadata place = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("A record from a topic has a topic and an offset"));
        steps().receive(new ConsumerRecord<>(
                place.topic(),
                place.partition(),
                place.offset(),
                row.timestamp(),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                row.key() == null ? null : new String(row.key(), StandardCharsets.UTF_8),
                row.value(),
                row.headers(),
                Optional.empty()));
    }

    @Override
    public void close() {
        steps = null;
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    private EpochSteps steps() {
        if (steps == null) {
            reader = readers.get();
            Stores stores = new Stores(settings, context::getStateStore, context::forward);
            steps = new EpochSteps(settings, stores, reader, this::publish);
        }
        return steps;
    }

    private void publish(TopologyState state) {
        board.accept(state);
        long epoch = state.applied().map(Progress::getEpoch).orElse(-1L);
        if (lastEpoch >= 0 && epoch > lastEpoch) {
            Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
            LatencyStep.APPLIED.took(state.applied().orElseThrow().getPublishedAt(), now);
        }
        lastEpoch = epoch;
    }
}
