package dev.patronstream.schemas.topic;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Sees whether topics still hold what was written to them: one that is deleted, or deleted and created again, has lost it;
 * one that ends earlier than before has lost its end. Asks every few seconds without waiting for the answer. One thread
 * uses it.
 */
public final class TopicWatch {

    private static final long EVERY_NANOS = 3_000_000_000L;

    private static final int ANSWER_MILLIS = 2_000;

    private final Admin admin;
    private final List<String> topics;
    private final Consumer<String> lost;
    private final Map<String, String> ids = new HashMap<>();
    private Map<String, KafkaFuture<TopicDescription>> asked = Map.of();
    private Map<String, KafkaFuture<ListOffsetsResultInfo>> askedEnds = Map.of();
    private Map<String, Long> written = Map.of();
    private final Map<String, Integer> missed = new HashMap<>();
    private final Map<String, Integer> shortened = new HashMap<>();
    private long lastAsked = System.nanoTime();

    /**
     * Begins with the topics as they are.
     *
     * @param lost told, in words, of a topic that is another one, gone or shorter
     */
    public TopicWatch(Admin admin, Collection<String> topics, Consumer<String> lost) {
        this.admin = admin;
        this.lost = lost;
        this.topics = List.copyOf(topics);
        admin.describeTopics(this.topics).topicNameValues().forEach((topic, answer) -> {
            try {
                ids.put(topic, id(answer));
            } catch (UnknownTopicOrPartitionException gone) {
                lost.accept("topic " + topic + " was deleted");
            }
        });
    }

    /** Returns, by topic, the id it had at the start. */
    public Map<String, String> ids() {
        return Map.copyOf(ids);
    }

    /**
     * Looks whether an answer has come, and asks again when it is time.
     *
     * @param ends by topic: the offset after the last record that this stage wrote and that was acknowledged
     */
    public void look(Map<String, Long> ends) {
        asked = answered(asked, this::compare);
        askedEnds = answered(askedEnds, this::compareEnd);
        if (asked.isEmpty() && System.nanoTime() - lastAsked > EVERY_NANOS) {
            lastAsked = System.nanoTime();
            asked = admin.describeTopics(topics).topicNameValues();
            if (askedEnds.isEmpty()) {
                written = new HashMap<>(ends);
                written.keySet().retainAll(topics);
                askedEnds = ends(written.keySet());
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

    private Map<String, KafkaFuture<ListOffsetsResultInfo>> ends(Set<String> of) {
        Map<TopicPartition, OffsetSpec> latest = of.stream()
                .collect(Collectors.toMap(topic -> new TopicPartition(topic, 0), topic -> OffsetSpec.latest()));
        ListOffsetsResult answers = admin.listOffsets(latest, new ListOffsetsOptions().timeoutMs(ANSWER_MILLIS));
        return latest.keySet().stream().collect(Collectors.toMap(TopicPartition::topic, answers::partitionResult));
    }

    /** Asks and waits for the answer, seconds at most: for one who waits for a topic in vain. */
    public void lookNow() {
        for (int i = 0; i < 2; i++) {
            admin.describeTopics(topics, new DescribeTopicsOptions().timeoutMs(ANSWER_MILLIS))
                    .topicNameValues()
                    .forEach(this::compare);
        }
    }

    /** A broker that has just come up may not know a topic yet, so only a second answer counts. */
    private void compare(String topic, KafkaFuture<TopicDescription> answer) {
        try {
            if (!id(answer).equals(ids.get(topic))) {
                lost.accept("topic " + topic + " was deleted and created again");
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

    /** A broker that does not know yet that it leads no more answers with an earlier end, so only a second answer counts. */
    private void compareEnd(String topic, KafkaFuture<ListOffsetsResultInfo> answer) {
        try {
            long end = result(answer).offset();
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

    private static String id(KafkaFuture<TopicDescription> answer) {
        return result(answer).topicId().toString();
    }

    private static <T> T result(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause
                    ? cause
                    : new KafkaException("The topics could not be looked at", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
