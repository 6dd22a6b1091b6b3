package dev.patronstream.schemas.topic;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Sees whether topics are still what the stages left: one that is deleted, or deleted and created again, has lost all; one
 * that begins later or ends earlier than before has lost a part; one with more partitions takes records that no stage
 * reads. Sets settings back that were altered, before much is
 * lost by them. Asks every few seconds without waiting for the answer. One thread uses it.
 */
public final class TopicWatch {

    private static final long EVERY_NANOS = 3_000_000_000L;

    private static final int ANSWER_MILLIS = 2_000;

    /** Settings are looked at every half a minute. */
    private static final int LOOKS_BETWEEN_SETTINGS = 10;

    private final Admin admin;
    private final Map<String, NewTopic> topics;
    private final Consumer<String> lost;
    private final Map<String, String> identities = new HashMap<>();
    private Map<String, KafkaFuture<TopicDescription>> asked = Map.of();
    private Map<String, KafkaFuture<ListOffsetsResultInfo>> askedBeginnings = Map.of();
    private Map<String, KafkaFuture<ListOffsetsResultInfo>> askedEnds = Map.of();
    private Map<String, Long> written = Map.of();
    private final Map<String, Integer> missed = new HashMap<>();
    private final Map<String, Integer> shortened = new HashMap<>();
    private long lastAsked = System.nanoTime();
    private int looks;

    /**
     * Begins with the topics as they are.
     *
     * @param topics as they should be; settings that one does not name may be anything
     * @param lost told, in words, of a topic that is not what it was
     */
    public TopicWatch(Admin admin, Collection<NewTopic> topics, Consumer<String> lost) {
        this.admin = admin;
        this.lost = lost;
        this.topics = topics.stream().collect(Collectors.toMap(NewTopic::name, topic -> topic));
        Map<String, KafkaFuture<ListOffsetsResultInfo>> beginnings =
                offsets(this.topics.keySet(), OffsetSpec.earliest(), new ListOffsetsOptions());
        admin.describeTopics(this.topics.keySet()).topicNameValues().forEach((topic, answer) -> {
            try {
                String id = KafkaAnswers.await(answer).topicId().toString();
                long first = KafkaAnswers.await(beginnings.get(topic)).offset();
                identities.put(topic, new TopicIdentity(id, first).text());
            } catch (UnknownTopicOrPartitionException gone) {
                lost.accept("topic " + topic + " was deleted");
            }
        });
    }

    /** Returns, by topic, what it was known by at the start, as {@link TopicIdentity#text}. */
    public Map<String, String> identities() {
        return Map.copyOf(identities);
    }

    /**
     * Looks whether an answer has come, and asks again when it is time.
     *
     * @param ends by topic: the offset after the last record that this stage wrote and that was acknowledged
     */
    public void look(Map<String, Long> ends) {
        asked = answered(asked, this::compare);
        askedBeginnings = answered(askedBeginnings, this::compareBeginning);
        askedEnds = answered(askedEnds, this::compareEnd);
        if (asked.isEmpty() && System.nanoTime() - lastAsked > EVERY_NANOS) {
            lastAsked = System.nanoTime();
            asked = admin.describeTopics(topics.keySet()).topicNameValues();
            ListOffsetsOptions soon = new ListOffsetsOptions().timeoutMs(ANSWER_MILLIS);
            if (askedBeginnings.isEmpty()) {
                askedBeginnings = offsets(topics.keySet(), OffsetSpec.earliest(), soon);
            }
            if (askedEnds.isEmpty()) {
                written = new HashMap<>(ends);
                written.keySet().retainAll(topics.keySet());
                askedEnds = offsets(written.keySet(), OffsetSpec.latest(), soon);
            }
            if (++looks % LOOKS_BETWEEN_SETTINGS == 0) {
                new TopicProvisioner(admin).keep(topics);
            }
        }
    }

    /** Compares once all answers are there; returns what is still waited for. */
    private static <T> Map<String, KafkaFuture<T>> answered(
            Map<String, KafkaFuture<T>> questions, BiConsumer<String, KafkaFuture<T>> compare) {
        if (!questions.values().stream().allMatch(KafkaFuture::isDone)) {
            return questions;
        }
        questions.forEach(compare);
        return Map.of();
    }

    private Map<String, KafkaFuture<ListOffsetsResultInfo>> offsets(
            Set<String> of, OffsetSpec which, ListOffsetsOptions options) {
        Map<TopicPartition, OffsetSpec> questions =
                of.stream().collect(Collectors.toMap(topic -> new TopicPartition(topic, 0), topic -> which));
        ListOffsetsResult answers = admin.listOffsets(questions, options);
        return questions.keySet().stream().collect(Collectors.toMap(TopicPartition::topic, answers::partitionResult));
    }

    /** Asks and waits for the answer, seconds at most: for one who waits for a topic in vain. */
    public void lookNow() {
        for (int i = 0; i < 2; i++) {
            admin.describeTopics(topics.keySet(), new DescribeTopicsOptions().timeoutMs(ANSWER_MILLIS))
                    .topicNameValues()
                    .forEach(this::compare);
        }
    }

    /** A broker that has just come up may not know a topic yet, so only a second answer counts. */
    private void compare(String topic, KafkaFuture<TopicDescription> answer) {
        try {
            TopicDescription now = KafkaAnswers.await(answer);
            compare(topic, new TopicIdentity(now.topicId().toString(), 0));
            if (now.partitions().size() != 1) {
                lost.accept("topic " + topic + " has " + now.partitions().size() + " partitions now");
            }
            missed.remove(topic);
        } catch (UnknownTopicOrPartitionException gone) {
            if (missed.merge(topic, 1, Integer::sum) > 1) {
                lost.accept("topic " + topic + " was deleted");
            }
        } catch (KafkaException silent) {
            // A cluster that does not answer is noticed by the producer, which knows how long to wait.
        }
    }

    private void compareBeginning(String topic, KafkaFuture<ListOffsetsResultInfo> answer) {
        try {
            long first = KafkaAnswers.await(answer).offset();
            compare(topic, new TopicIdentity(TopicIdentity.of(identity(topic)).id(), first));
        } catch (KafkaException silent) {
            // As above.
        }
    }

    private void compare(String topic, TopicIdentity now) {
        TopicIdentity.lost(topic, identity(topic), now.text()).ifPresent(lost);
    }

    private String identity(String topic) {
        return identities.getOrDefault(topic, "");
    }

    /** A broker that does not know yet that it leads no more answers with an earlier end, so only a second answer counts. */
    private void compareEnd(String topic, KafkaFuture<ListOffsetsResultInfo> answer) {
        try {
            long end = KafkaAnswers.await(answer).offset();
            long expected = written.getOrDefault(topic, 0L);
            if (end >= expected) {
                shortened.remove(topic);
            } else if (shortened.merge(topic, 1, Integer::sum) > 1) {
                lost.accept("topic " + topic + " has lost its end: it ends at offset " + end + ", and records up to "
                        + (expected - 1) + " were acknowledged");
            }
        } catch (KafkaException silent) {
            // As above.
        }
    }
}
