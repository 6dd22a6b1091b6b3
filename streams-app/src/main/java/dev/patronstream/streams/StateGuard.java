package dev.patronstream.streams;

import dev.patronstream.schemas.TopicSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that positions and state belong together. Kafka Streams would go on from the group's positions with
 * whatever state it finds: with changelogs that were deleted it would take everybody for gone. Then the positions, and
 * what is left of the state, are dropped, and the contract topics are replayed from their beginning.
 */
final class StateGuard {

    private static final Logger LOGGER = LoggerFactory.getLogger(StateGuard.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** With a day to spare for clocks and for the replay itself. */
    private static final Duration TOMBSTONES_KEPT = TopicSettings.DELETE_RETENTION.minusDays(1);

    private static final long RETRY_MILLIS = 500;

    private final Admin admin;
    private final String applicationId;
    private final List<String> changelogs;
    private final String ledger;

    /**
     * Guards one application.
     *
     * @param stores names of all its stores
     * @param ledger name of the store that is never empty
     */
    StateGuard(Admin admin, String applicationId, List<String> stores, String ledger) {
        this.admin = admin;
        this.applicationId = applicationId;
        this.changelogs = stores.stream().map(this::changelog).toList();
        this.ledger = changelog(ledger);
    }

    /** Whether there are positions but not all of the state they belong to. */
    boolean stateIsLost() {
        boolean hasPositions = !await(
                        admin.listConsumerGroupOffsets(applicationId).partitionsToOffsetAndMetadata())
                .isEmpty();
        return hasPositions && !(existing().containsAll(changelogs) && hasRecords(ledger));
    }

    /**
     * Whether the state is so old that deletes may have been missed: compaction keeps a tombstone only for a while. The
     * changelog's records carry the time of the epoch they were written for.
     */
    boolean stateIsTooOld(Instant now) {
        if (!existing().contains(ledger)) {
            return false;
        }
        TopicPartition partition = new TopicPartition(ledger, 0);
        long last = await(admin.listOffsets(Map.of(partition, OffsetSpec.maxTimestamp()))
                        .all())
                .get(partition)
                .timestamp();
        return last >= 0 && Instant.ofEpochMilli(last).isBefore(now.minus(TOMBSTONES_KEPT));
    }

    /** Drops positions and changelogs. The application must not run anywhere. */
    void drop() {
        LOGGER.atWarn()
                .addKeyValue("application", applicationId)
                .log("The streams application's state is gone in parts, or too old to go on with: what is left of it is"
                        + " dropped, and the contract topics are replayed from their beginning");
        deleteGroup();
        List<String> left = new ArrayList<>(existing());
        if (!left.isEmpty()) {
            await(admin.deleteTopics(left).all());
        }
    }

    /** A process that was killed stays in the group until its session runs out. */
    private void deleteGroup() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                await(admin.deleteConsumerGroups(List.of(applicationId)).all());
                return;
            } catch (GroupIdNotFoundException gone) {
                return;
            } catch (GroupNotEmptyException busy) {
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("The streams application " + applicationId
                            + " has lost its state, but another process of it still runs. Stop it, then start again");
                }
            }
            try {
                Thread.sleep(RETRY_MILLIS);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    private List<String> existing() {
        return await(admin.listTopics().names()).stream()
                .filter(changelogs::contains)
                .collect(Collectors.toList());
    }

    private boolean hasRecords(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return Optional.ofNullable(await(admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                .all())
                        .get(partition))
                .filter(end -> end.offset() > 0)
                .isPresent();
    }

    private String changelog(String store) {
        return applicationId + "-" + store + "-changelog";
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause
                    ? cause
                    : new KafkaException("A request to the Kafka cluster failed", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
