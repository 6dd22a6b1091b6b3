package dev.patronstream.streams.runtime;

import dev.patronstream.schemas.topic.KafkaAnswers;
import dev.patronstream.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What the streams application of a district keeps for itself: its positions, its internal topics and its folder on this
 * machine. All of it can be deleted: the contract topics are replayed then.
 *
 * <p>Uses the {@link Admin} client only during a call and does not close it.
 */
public final class DerivedState {

    /**
     * Kafka Streams keeps its transactional id here. It stays, so that the next start ends what a process that was
     * killed has left open, instead of waiting until the broker does.
     */
    private static final String PROCESS_FILE = "kafka-streams-process-metadata";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long RETRY_MILLIS = 250;

    private final Admin admin;
    private final String applicationId;
    private final Path folder;

    /**
     * Names the state; touches nothing.
     *
     * @param stateDirectory the application's configured folder
     */
    public DerivedState(Admin admin, Topics topics, Path stateDirectory) {
        this.admin = admin;
        this.applicationId = topics.streamsApplicationId();
        this.folder = stateDirectory.resolve(applicationId);
    }

    /** Returns the folder on this machine, whether it exists or not. */
    public Path folder() {
        return folder;
    }

    /**
     * Returns the processes that run the application, each as {@code host (instance)}. One that was killed stays here
     * until its session is over.
     */
    public List<String> members() {
        try {
            ConsumerGroupDescription group = KafkaAnswers.await(
                            admin.describeConsumerGroups(List.of(applicationId)).all())
                    .get(applicationId);
            return group.members().stream()
                    .map(member -> member.host().replaceFirst("^/", "") + " (" + member.clientId() + ")")
                    .sorted()
                    .toList();
        } catch (GroupIdNotFoundException none) {
            return List.of();
        }
    }

    /**
     * Waits until no process runs the application any more; returns those that are left after the time.
     *
     * @param patience longer than the session of a process that was killed
     */
    public List<String> awaitNoMembers(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> members = members();
        while (!members.isEmpty() && System.nanoTime() < deadline) {
            pause();
            members = members();
        }
        return members;
    }

    /** Whether the group has positions. */
    public boolean hasPositions() {
        return !KafkaAnswers.await(admin.listConsumerGroupOffsets(applicationId).partitionsToOffsetAndMetadata())
                .isEmpty();
    }

    /** Returns the internal topics that exist: the changelogs. */
    public Set<String> internalTopics() {
        Set<String> internal = new TreeSet<>();
        for (String topic : KafkaAnswers.await(admin.listTopics().names())) {
            if (topic.startsWith(applicationId + "-") && topic.endsWith("-changelog")) {
                internal.add(topic);
            }
        }
        return internal;
    }

    /**
     * Deletes it. In this order a start after a kill at any point finds a changelog missing, and then believes nothing
     * of what is left. To be called when there are no {@link #members}.
     *
     * @throws TimeoutException if a process has begun to run the application
     */
    public void clear() {
        deleteTopics(internalTopics());
        deleteFolder();
        deleteGroup();
    }

    /** Deletes topics, those of them that exist; returns when they are gone. */
    public void deleteTopics(Collection<String> topics) {
        Set<String> existing =
                new HashSet<>(KafkaAnswers.await(admin.listTopics().names()));
        existing.retainAll(topics);
        if (existing.isEmpty()) {
            return;
        }
        try {
            KafkaAnswers.await(admin.deleteTopics(existing).all());
        } catch (UnknownTopicOrPartitionException gone) {
            // Somebody else has deleted it at the same moment.
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (KafkaAnswers.await(admin.listTopics().names()).stream().anyMatch(existing::contains)) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("The topics " + existing + " were deleted, but are listed still after "
                        + PATIENCE.toSeconds() + " s. Is a broker of the cluster down?");
            }
            pause();
        }
    }

    private void deleteGroup() {
        try {
            KafkaAnswers.await(
                    admin.deleteConsumerGroups(List.of(applicationId)).all());
        } catch (GroupIdNotFoundException gone) {
            // It has no positions.
        } catch (GroupNotEmptyException busy) {
            throw new TimeoutException("The state of the streams application " + applicationId
                    + " is to be dropped, but a process of it runs: " + String.join(", ", members())
                    + ". Stop it, then start again");
        }
    }

    /** Deletes the folder on this machine; it is read back from the changelogs, if there are any. */
    public void deleteFolder() {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder())
                    .filter(path -> !path.equals(folder) && !path.endsWith(PROCESS_FILE))
                    .toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The folder " + folder + " of the streams application cannot be deleted; is a process using it?",
                    e);
        }
    }

    /** Waits for a moment, between two questions to the cluster. */
    public static void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
