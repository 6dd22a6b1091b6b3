package dev.patronstream.snapshotter.cut;

import dev.patronstream.schemas.KafkaAnswers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What a cut asks of the cluster about a topic. Thread-safe; the client stays the caller's. */
final class TopicDescriber {

    private final Admin admin;

    TopicDescriber(Admin admin) {
        this.admin = admin;
    }

    /** Returns the identity of a topic: one that was deleted and made again has another. Empty when there is none. */
    Optional<Uuid> identity(String topic) {
        try {
            return Optional.of(
                    KafkaAnswers.await(admin.describeTopics(List.of(topic)).allTopicNames())
                            .get(topic)
                            .topicId());
        } catch (UnknownTopicOrPartitionException none) {
            return Optional.empty();
        }
    }

    /** Waits until the topic exists. */
    void awaitTopic(String topic, Deadline deadline, String hint) throws CutFailedException {
        while (identity(topic).isEmpty()) {
            if (deadline.isOver()) {
                throw new CutFailedException(
                        "Waited " + deadline.limit() + " for the topic " + topic + ", and it does not exist. " + hint);
            }
            pause();
        }
    }

    /**
     * Returns the offset after the last record that is safe on the brokers, whether its transaction has ended or not.
     * The last stable offset would not do: a transaction's end reaches its partitions one by one.
     */
    long highWatermark(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return KafkaAnswers.await(admin.listOffsets(
                                Map.of(partition, OffsetSpec.latest()),
                                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .partitionResult(partition))
                .offset();
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while waiting for a topic", e);
        }
    }
}
