package dev.patronstream.streams.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

final class WriteBehindStoreTest {

    private final KeyValueStore<Bytes, byte[]> below = Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore("below"), Serdes.Bytes(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    private final WriteBehindStore store = new WriteBehindStore(below);

    WriteBehindStoreTest() {
        StateStore root = store;
        store.init(new MockProcessorContext<>().getStateStoreContext(), root);
    }

    @Test
    void whatComesAndGoesBetweenTwoCommitsIsNeverWritten() {
        store.put(key(1), value(1));
        store.put(key(2), value(2));
        store.delete(key(1));
        assertEquals(0, contentOf(below).size());
        store.flushCache();
        assertEquals(List.of("2=2"), contentOf(below));
    }

    @Test
    void whatIsNotCommittedCountsForNothing() {
        store.put(key(1), value(1));
        store.flushCache();
        store.put(key(1), value(2));
        store.clearCache();
        assertArrayEquals(value(1), store.get(key(1)));
    }

    /** Whatever is put and deleted, and whenever it is written: it reads as a map does. */
    @Property
    void itReadsAsAMap(@ForAll long seed) {
        Random random = new Random(seed);
        NavigableMap<Bytes, byte[]> model = new TreeMap<>(contentAsMap());
        for (int step = 0; step < 60; step++) {
            Bytes key = key(random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> {
                    assertArrayEquals(model.remove(key), store.delete(key));
                }
                case 1 -> store.flushCache();
                default -> {
                    store.put(key, value(step));
                    model.put(key, value(step));
                }
            }
            Bytes from = key(random.nextInt(8));
            Bytes to = key(random.nextInt(8));
            NavigableMap<Bytes, byte[]> part =
                    from.compareTo(to) > 0 ? new TreeMap<>() : model.subMap(from, true, to, true);
            assertEquals(texts(part), texts(store.range(from, to)));
            assertEquals(texts(part.descendingMap()), texts(store.reverseRange(from, to)));
            assertEquals(texts(model), texts(store.all()));
        }
    }

    private NavigableMap<Bytes, byte[]> contentAsMap() {
        NavigableMap<Bytes, byte[]> content = new TreeMap<>();
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            all.forEachRemaining(entry -> content.put(entry.key, entry.value));
        }
        return content;
    }

    private static List<String> contentOf(KeyValueStore<Bytes, byte[]> store) {
        return texts(store.all());
    }

    private static List<String> texts(NavigableMap<Bytes, byte[]> content) {
        List<String> texts = new ArrayList<>();
        content.forEach((key, value) -> texts.add(text(key, value)));
        return texts;
    }

    private static List<String> texts(KeyValueIterator<Bytes, byte[]> entries) {
        try (entries) {
            List<String> texts = new ArrayList<>();
            entries.forEachRemaining(entry -> texts.add(text(entry.key, entry.value)));
            return texts;
        }
    }

    private static String text(Bytes key, byte[] value) {
        return ByteBuffer.wrap(key.get()).getInt() + "=" + new String(value, StandardCharsets.UTF_8);
    }

    private static Bytes key(int number) {
        return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }

    private static byte[] value(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.UTF_8);
    }
}
