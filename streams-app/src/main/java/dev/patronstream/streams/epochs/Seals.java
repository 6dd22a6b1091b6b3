package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.topics.TopicReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Tells whether the stores belong together and are what their changelogs say. Every call that changes stores ends with a
 * seal in each of them, with one number: so the last record of a changelog is a seal. A changelog that has lost its tail,
 * a folder that is older or newer than its changelog, or a store of another run shows in a seal that does not fit.
 *
 * <p>Records that are read change the inbox only; there the note of the record is the seal.
 */
final class Seals {

    /** After all other keys of a store: none of those is as long. */
    private static final byte[] KEY = new byte[3 * Long.BYTES];

    static {
        Arrays.fill(KEY, (byte) 0xff);
    }

    /** The key of the seal of a store. */
    static final Bytes SEAL = Bytes.wrap(KEY);

    private static final Bytes LAST = StoreKeys.last(SEAL);

    private final Map<String, KeyValueStore<Bytes, byte[]>> stores = new LinkedHashMap<>();
    private final Inbox inbox;
    private long number;
    private long contents;

    Seals(Function<String, KeyValueStore<Bytes, byte[]>> store, Inbox inbox) {
        Stores.NAMES.forEach(name -> stores.put(name, store.apply(name)));
        this.inbox = inbox;
        Optional.ofNullable(stores.get(Stores.LEDGER).get(SEAL))
                .map(ByteBuffer::wrap)
                .ifPresent(seal -> {
                    number = seal.getLong();
                    contents = seal.getLong();
                });
    }

    /** The key of a seal of its own, after that of the store. */
    static Bytes key(byte place) {
        byte[] key = Arrays.copyOf(KEY, KEY.length + 1);
        key[KEY.length] = place;
        return Bytes.wrap(key);
    }

    /**
     * Ends a call.
     *
     * @param withContents whether more than the ledger and the inbox has changed
     */
    void seal(boolean withContents) {
        number++;
        contents = withContents ? number : contents;
        stores.forEach((name, store) -> {
            if (name.equals(Stores.INBOX)) {
                inbox.seal(SEAL, number);
            } else if (name.equals(Stores.LEDGER)) {
                store.put(SEAL, bytes(number, contents));
            } else if (withContents) {
                store.put(SEAL, bytes(contents));
            }
        });
    }

    /** Returns the store that does not fit, if there is one. */
    Optional<String> broken(Topics topics, TopicReader reader) {
        for (Map.Entry<String, KeyValueStore<Bytes, byte[]>> store : stores.entrySet()) {
            Optional<KeyValue<Bytes, byte[]>> seal = last(store.getValue());
            boolean fits = reader.last(Stores.changelog(topics, store.getKey()))
                    .map(record -> seal.filter(known -> new String(known.key.get(), StandardCharsets.UTF_8)
                                            .equals(record.key())
                                    && Arrays.equals(known.value, record.value().orElse(null)))
                            .isPresent())
                    .orElse(seal.isEmpty());
            if (!fits || numberOf(store.getKey(), store.getValue()) != expected(store.getKey())) {
                return Optional.of(store.getKey());
            }
        }
        return Optional.empty();
    }

    private long expected(String store) {
        return store.equals(Stores.INBOX) || store.equals(Stores.LEDGER) ? number : contents;
    }

    private static long numberOf(String name, KeyValueStore<Bytes, byte[]> store) {
        byte[] seal = store.get(SEAL);
        return seal == null ? 0 : ByteBuffer.wrap(seal).getLong(name.equals(Stores.INBOX) ? Long.BYTES : 0);
    }

    /** The seal with the highest number, which is the first thing in each. */
    private static Optional<KeyValue<Bytes, byte[]>> last(KeyValueStore<Bytes, byte[]> store) {
        KeyValue<Bytes, byte[]> last = null;
        try (KeyValueIterator<Bytes, byte[]> seals = store.range(SEAL, LAST)) {
            while (seals.hasNext()) {
                KeyValue<Bytes, byte[]> next = seals.next();
                if (last == null
                        || ByteBuffer.wrap(next.value).getLong()
                                > ByteBuffer.wrap(last.value).getLong()) {
                    last = next;
                }
            }
        }
        return Optional.ofNullable(last);
    }

    private static byte[] bytes(long... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES);
        for (long number : numbers) {
            bytes.putLong(number);
        }
        return bytes.array();
    }
}
