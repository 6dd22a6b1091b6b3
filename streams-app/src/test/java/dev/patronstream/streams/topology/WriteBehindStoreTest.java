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
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.InMemoryKeyValueStore;
import org.junit.jupiter.api.Test;

final class WriteBehindStoreTest {

    private final List<Bytes> written = new ArrayList<>();

    private final KeyValueStore<Bytes, byte[]> below = new InMemoryKeyValueStore("below") {
        @Override
        public synchronized void put(Bytes key, byte[] value) {
            written.add(key);
            super.put(key, value);
        }

        @Override
        public KeyValueIterator<Bytes, byte[]> all() {
            return opened(super.all());
        }

        @Override
        public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
            return opened(super.range(from, to));
        }

        @Override
        public KeyValueIterator<Bytes, byte[]> reverseRange(Bytes from, Bytes to) {
            return opened(super.reverseRange(from, to));
        }

        private KeyValueIterator<Bytes, byte[]> opened(KeyValueIterator<Bytes, byte[]> iterator) {
            whenOpened.run();
            return iterator;
        }
    };
    /** What happens between the opening of the store below and the reading of it. */
    private Runnable whenOpened = () -> {};

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

    /** What a store is known by after a start is that the seal was the last that was written. */
    @Test
    void keysAreWrittenInTheOrderOfTheirLastChanges() {
        store.put(key(2), value(1));
        store.put(key(1), value(2));
        store.put(key(3), value(3));
        store.put(key(2), value(4));
        store.flushCache();
        assertEquals(List.of(key(1), key(3), key(2)), written);
    }

    @Test
    void whatIsNotCommittedCountsForNothing() {
        store.put(key(1), value(1));
        store.flushCache();
        store.put(key(1), value(2));
        store.clearCache();
        assertArrayEquals(value(1), store.get(key(1)));
    }

    @Test
    void theMemoryIsBounded() {
        byte[] tenth = new byte[WriteBehindStore.MOST_BYTES / 10];
        for (int change = 1; change < 10; change++) {
            store.put(key(change), tenth);
        }
        assertEquals(0, below.approximateNumEntries());
        store.put(key(10), tenth);
        assertEquals(10, below.approximateNumEntries());
    }

    /** Another thread reads, and the stream thread commits when the reader has just opened the store below. */
    @Test
    void aReaderSeesEveryRowOnceThoughAFlushComesInBetween() {
        store.put(key(1), value(1));
        store.put(key(2), value(2));
        store.flushCache();
        store.put(key(2), value(12));
        store.delete(key(1));
        store.put(key(3), value(3));
        store.put(key(4), value(4));
        whenOpened = store::flushCache;
        assertEquals(List.of("2=12", "3=3", "4=4"), contentOf(store));

        store.put(key(5), value(5));
        store.put(key(3), value(13));
        assertEquals(List.of("3=13", "4=4", "5=5"), texts(store.range(key(3), key(5))));

        store.put(key(6), value(6));
        store.put(key(4), value(14));
        assertEquals(List.of("6=6", "5=5", "4=14"), texts(store.reverseRange(key(4), key(6))));
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
            int low = random.nextInt(8);
            Bytes from = key(low);
            Bytes to = key(low + random.nextInt(8 - low));
            NavigableMap<Bytes, byte[]> part = model.subMap(from, true, to, true);
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
