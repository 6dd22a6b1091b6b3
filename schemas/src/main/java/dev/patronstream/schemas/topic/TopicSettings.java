package dev.patronstream.schemas.topic;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How the district's topics are made: one partition each (the district is the unit of parallelism), compacted, by
 * append time.
 *
 * @param replicationFactor replicas of each topic
 * @param minInsyncReplicas replicas that must have a record before it counts as written
 */
public record TopicSettings(short replicationFactor, int minInsyncReplicas) {

    /** For one broker. */
    public static final TopicSettings SINGLE_BROKER = new TopicSettings((short) 1, 1);

    /** A reader of a cut finds every version it needs for this long. */
    public static final Duration MIN_COMPACTION_LAG = Duration.ofHours(24);

    /** What was erased in the source is really gone after this. */
    public static final Duration MAX_COMPACTION_LAG = Duration.ofDays(7);

    /** A consumer that resumes from further back than this has to rebuild. */
    public static final Duration DELETE_RETENTION = Duration.ofDays(30);

    /** The one codec besides none that every client reads by itself. */
    private static final String COMPRESSION = "gzip";

    /** As Kafka comes; a producer sends no more at once. */
    private static final String MAX_MESSAGE_BYTES = "1048588";

    /** Checks the numbers. */
    public TopicSettings {
        if (replicationFactor < 1 || minInsyncReplicas < 1 || minInsyncReplicas > replicationFactor) {
            throw new IllegalArgumentException("replication factor " + replicationFactor
                    + " and min.insync.replicas " + minInsyncReplicas
                    + " do not go together: 1 <= min.insync.replicas <= replication factor");
        }
    }

    /** Returns the topic of that name as it should be: compacted, one partition. */
    public NewTopic compacted(String name) {
        return topic(
                name,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime",
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, Long.toString(MIN_COMPACTION_LAG.toMillis()),
                        TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, Long.toString(MAX_COMPACTION_LAG.toMillis()),
                        TopicConfig.DELETE_RETENTION_MS_CONFIG, Long.toString(DELETE_RETENTION.toMillis())));
    }

    /** Returns the topic of that name as it should be where vendors read it: the same, however its writer compresses. */
    public NewTopic forVendors(String name) {
        NewTopic topic = compacted(name);
        Map<String, String> configuration = new TreeMap<>(topic.configs());
        configuration.put(TopicConfig.COMPRESSION_TYPE_CONFIG, COMPRESSION);
        return topic.configs(configuration);
    }

    /**
     * Returns the topic of that name as it should be: the last word per key, and nothing of a key that has said nothing
     * for a day.
     */
    public NewTopic newestOfDay(String name) {
        return topic(
                name,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        "LogAppendTime",
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(Duration.ofDays(1).toMillis()),
                        TopicConfig.DELETE_RETENTION_MS_CONFIG,
                        Long.toString(Duration.ofHours(1).toMillis()),
                        TopicConfig.SEGMENT_MS_CONFIG,
                        Long.toString(Duration.ofHours(1).toMillis())));
    }

    /** Returns the topic of that name as it should be: kept for ever, one partition. */
    public NewTopic permanent(String name) {
        return topic(
                name,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG, "-1",
                        TopicConfig.RETENTION_BYTES_CONFIG, "-1"));
    }

    /** Returns a changelog of Kafka Streams, which chooses the other settings. */
    public NewTopic changelog(String name) {
        return new NewTopic(name, 1, replicationFactor)
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                        Integer.toString(minInsyncReplicas)));
    }

    /** What decides whether records are taken at all is the same everywhere. */
    private NewTopic topic(String name, Map<String, String> own) {
        Map<String, String> configuration = new TreeMap<>(own);
        configuration.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInsyncReplicas));
        configuration.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, MAX_MESSAGE_BYTES);
        return new NewTopic(name, 1, replicationFactor).configs(configuration);
    }
}
