package dev.patronstream.streams.topology;

import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.streams.epochs.EpochSettings;
import dev.patronstream.streams.epochs.Stores;
import dev.patronstream.streams.epochs.TopologyState;
import dev.patronstream.streams.topics.TopicReader;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The topology: the contract topics and the progress topic into one processor with all its stores, from there to the
 * patron table, the feeds and the topic of applied epochs. One sub-topology, one task: no repartition topic, no join, no
 * global table. {@code docs/topology.md} draws it.
 */
public final class EpochTopology {

    static final String PROCESSOR = "apply-epochs";

    private EpochTopology() {}

    /**
     * Builds the topology.
     *
     * @param stores the supplier of a store by name
     * @param readers opens a reader of topics; closed by the processor
     * @param board is notified of how far the topology is
     */
    public static Topology of(
            EpochSettings settings,
            Function<String, KeyValueBytesStoreSupplier> stores,
            Supplier<TopicReader> readers,
            Consumer<TopologyState> board) {
        Topology topology = new Topology();
        Map<String, String> sources = new TreeMap<>(Map.of(
                "stu", settings.topics().enrollments(),
                "loc", settings.topics().schools(),
                "stf", settings.topics().staff(),
                "progress", settings.topics().progress()));
        settings.topics()
                .joined()
                .forEach(table -> sources.put(
                        table.name().toLowerCase(Locale.ROOT), settings.topics().of(table)));
        sources.forEach((name, topic) -> topology.addSource(
                AutoOffsetReset.earliest(), name, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic));
        topology.addProcessor(
                PROCESSOR,
                () -> new EpochProcessor(settings, readers, board),
                sources.keySet().toArray(String[]::new));
        Stores.NAMES.forEach(name -> topology.addStateStore(builder(stores.apply(name)), PROCESSOR));
        sink(topology, Stores.PATRONS, settings.topics().patrons());
        settings.feedNames()
                .forEach(feed -> sink(
                        topology, Stores.feedOutput(feed), settings.topics().feed(feed)));
        sink(topology, Stores.EPOCHS, settings.topics().epochs());
        return topology;
    }

    @SuppressWarnings("removal") // What is to come in its place is no interface that a lambda can fill yet.
    private static void sink(Topology topology, String name, String topic) {
        StreamPartitioner<byte[], byte[]> theOne = (into, key, value, partitions) -> Optional.of(Set.of(0));
        topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), theOne, PROCESSOR);
    }

    /** Changelogs are named after the stores, which are named here; what was erased they forget when other topics do. */
    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> builder(KeyValueBytesStoreSupplier store) {
        return new WriteBehindStore.Builder(
                org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(store, Serdes.Bytes(), Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingEnabled(Map.of(
                                TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                                Long.toString(TopicSettings.MAX_COMPACTION_LAG.toMillis()),
                                TopicConfig.DELETE_RETENTION_MS_CONFIG,
                                Long.toString(TopicSettings.DELETE_RETENTION.toMillis()))));
    }
}
