package dev.patronstream.schemas.topic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of something else that this process has read, so that nobody has to look for them: each is a warning in the
 * log, and the newest of each topic is there for the status. Thread-safe.
 */
public final class ForeignRecords {

    private static final Logger LOGGER = LoggerFactory.getLogger(ForeignRecords.class);

    /** A topic full of them must fill neither the memory nor the log. */
    private static final int KEPT = 1_000;

    /** Of each topic, as long as the process lives. */
    private static final int LOGGED = 100;

    private static final Map<String, Integer> COUNTS = new TreeMap<>();

    /** By topic and offset. */
    private static final Map<String, NavigableMap<Long, String>> SEEN = new TreeMap<>();

    private static final Map<String, Uuid> TOPICS = new HashMap<>();

    private ForeignRecords() {}

    /** Forgets what was in an earlier topic of the same name. */
    static void isIn(String topic, Uuid id) {
        synchronized (SEEN) {
            if (!id.equals(TOPICS.getOrDefault(topic, id))) {
                SEEN.remove(topic);
                COUNTS.remove(topic);
            }
            TOPICS.put(topic, id);
        }
    }

    /** Takes note of a record, once. */
    public static void take(TopicRecord<?> record) {
        int count;
        synchronized (SEEN) {
            NavigableMap<Long, String> seen = SEEN.computeIfAbsent(record.topic(), topic -> new TreeMap<>());
            boolean isFull = seen.size() >= KEPT;
            if (isFull && record.offset() < seen.firstKey()) {
                return;
            }
            if (record.complaint().equals(seen.put(record.offset(), record.complaint()))) {
                return;
            }
            if (isFull) {
                seen.pollFirstEntry();
            }
            count = COUNTS.merge(record.topic(), 1, Integer::sum);
        }
        if (count <= LOGGED) {
            LOGGER.atWarn()
                    .addKeyValue("record", record.complaint())
                    .log(
                            count < LOGGED
                                    ? "A record of something else counts for nothing"
                                    : "A record of something else counts for nothing; further ones of the topic are not logged");
        }
    }

    /** Returns for people, of each of these topics, the newest one. */
    public static List<String> newest(Predicate<String> topics) {
        synchronized (SEEN) {
            return SEEN.entrySet().stream()
                    .filter(seen -> topics.test(seen.getKey()))
                    .map(seen -> "Passed over: " + seen.getValue().lastEntry().getValue()
                            + (seen.getValue().size() > 1
                                    ? ", and " + (seen.getValue().size() - 1) + " before it"
                                    : "")
                            + ". Find out what writes to the topic, and take its right away; or whether the"
                            + " registry has lost schemas")
                    .toList();
        }
    }
}
