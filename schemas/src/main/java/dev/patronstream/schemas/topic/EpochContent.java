package dev.patronstream.schemas.topic;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a topic held at the end of an epoch: of every key the last record of that epoch or before. Foreign records change
 * none of it and are listed. Memory grows with the topic's content. Not thread-safe.
 *
 * @param <K> how a key is kept
 * @param <R> how a value is read
 * @param <V> how a value is kept
 */
public final class EpochContent<K, R, V> {

    /** Room for clocks that differ and for a cleaner that is about to run. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private final long epoch;
    private final Function<String, K> keys;
    private final Function<R, V> values;
    private final Map<K, V> content = new HashMap<>();
    private final Set<K> deleted = new HashSet<>();
    private final Map<K, Long> onlyLaterSince = new HashMap<>();
    private final Map<String, TopicRecord<R>> foreign = new TreeMap<>();

    /** Makes the content of a topic that nothing was read of yet, as of an epoch. */
    public EpochContent(long epoch, Function<String, K> keys, Function<R, V> values) {
        this.epoch = epoch;
        this.keys = keys;
        this.values = values;
    }

    /** Takes the topic's next record. */
    public void take(TopicRecord<R> record) {
        if (record.isForeign()) {
            foreign.put(record.key(), record);
            return;
        }
        K key = keys.apply(record.key());
        if (record.epoch().orElse(0) > epoch) {
            if (!content.containsKey(key) && !deleted.contains(key)) {
                onlyLaterSince.putIfAbsent(key, record.timestamp());
            }
            return;
        }
        foreign.remove(record.key());
        if (record.isDeletion()) {
            content.remove(key);
            deleted.add(key);
        } else {
            content.put(key, values.apply(record.value().orElseThrow()));
            deleted.remove(key);
        }
    }

    /** Returns the values by key. */
    public Map<K, V> values() {
        return content;
    }

    /** Returns the foreign records that nothing of the topic's form has replaced by the epoch, the last of each key. */
    public List<TopicRecord<R>> foreign() {
        return List.copyOf(foreign.values());
    }

    /**
     * Returns of how many keys the topic may have lost what it said at the end of the epoch. A key with later records only
     * may have had one of the epoch that compaction has removed since. Records stay for {@link
     * TopicSettings#MIN_COMPACTION_LAG} after a later one was written, so this can only be when the epoch is older than that.
     *
     * @param now tells how old a record is
     */
    public long doubtful(Instant now) {
        long oldest = now.minus(TopicSettings.MIN_COMPACTION_LAG).plus(MARGIN).toEpochMilli();
        return onlyLaterSince.values().stream().filter(since -> since < oldest).count();
    }
}
