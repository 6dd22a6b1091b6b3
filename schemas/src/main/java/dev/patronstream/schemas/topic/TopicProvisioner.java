package dev.patronstream.schemas.topic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics a service needs, and sees to it that topics that exist already have the settings the promises rest
 * on.
 *
 * <p>Safe to run from several services at once. Uses the {@link Admin} client only during a call and does not close it.
 */
public final class TopicProvisioner {

    private static final Logger LOGGER = LoggerFactory.getLogger(TopicProvisioner.class);

    private final Admin admin;

    /** Makes a provisioner over a client that stays the caller's. */
    public TopicProvisioner(Admin admin) {
        this.admin = admin;
    }

    /**
     * Makes the missing topics and sets the settings that differ.
     *
     * @throws InvalidPartitionsException if a topic exists with more than one partition
     * @throws KafkaException if the cluster cannot be reached or refuses
     */
    public void ensure(Collection<NewTopic> topics) {
        Map<String, NewTopic> wanted = new TreeMap<>(topics.stream().collect(Collectors.toMap(NewTopic::name, t -> t)));
        create(wanted.values());
        describe(wanted.keySet()).values().forEach(TopicProvisioner::requireOnePartition);
        Map<ConfigResource, Config> actual =
                KafkaAnswers.await(admin.describeConfigs(resources(wanted)).all());
        KafkaAnswers.await(alter(wanted, actual));
    }

    /**
     * Refuses a topic that no stage can work with.
     *
     * @throws InvalidPartitionsException if it has more than one partition; the message says what to do
     */
    public static void requireOnePartition(TopicDescription topic) {
        int partitions = topic.partitions().size();
        if (partitions != 1) {
            throw new InvalidPartitionsException("Topic " + topic.name() + " has " + partitions
                    + " partitions; it must have one, in which the order of commits is kept. Stop all processes of the"
                    + " district and whatever else reads or writes the topic, delete it, and start patronstream, which"
                    + " makes and fills it again");
        }
    }

    /** Makes the missing topics, and leaves those that exist as they are. */
    public void create(Collection<NewTopic> topics) {
        admin.createTopics(topics).values().forEach((name, result) -> {
            try {
                KafkaAnswers.await(result);
                LOGGER.atInfo().addKeyValue("topic", name).log("Topic created");
            } catch (TopicExistsException existing) {
                LOGGER.atDebug().addKeyValue("topic", name).log("Topic exists");
            }
        });
    }

    /** A new topic is not known to every broker at once, so the question is asked until it is. */
    private Map<String, TopicDescription> describe(Collection<String> names) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (true) {
            try {
                return KafkaAnswers.await(admin.describeTopics(names).allTopicNames());
            } catch (UnknownTopicOrPartitionException notYet) {
                if (System.nanoTime() > deadline) {
                    throw notYet;
                }
            }
        }
    }

    /** Begins to look at the settings of topics and to set those that differ; does not wait for it. */
    public void keep(Map<String, NewTopic> wanted) {
        var unused = admin.describeConfigs(resources(wanted)).all().whenComplete((actual, failure) -> {
            if (failure == null) {
                var unusedAnswer = alter(wanted, actual);
            }
        });
    }

    private static List<ConfigResource> resources(Map<String, NewTopic> wanted) {
        return wanted.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
    }

    private KafkaFuture<Void> alter(Map<String, NewTopic> wanted, Map<ConfigResource, Config> actual) {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        actual.forEach((resource, config) -> {
            List<AlterConfigOp> operations = new ArrayList<>();
            wanted.get(resource.name()).configs().forEach((key, value) -> {
                ConfigEntry entry = config.get(key);
                if (entry == null || !value.equals(entry.value())) {
                    operations.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET));
                    LOGGER.atWarn()
                            .addKeyValue("topic", resource.name())
                            .addKeyValue("setting", key)
                            .addKeyValue("wanted", value)
                            .log("Topic setting differs and is being set back");
                }
            });
            if (!operations.isEmpty()) {
                changes.put(resource, operations);
            }
        });
        return changes.isEmpty()
                ? KafkaFuture.completedFuture(null)
                : admin.incrementalAlterConfigs(changes).all();
    }
}
