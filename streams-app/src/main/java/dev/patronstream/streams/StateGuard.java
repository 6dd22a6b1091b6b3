package dev.patronstream.streams;

import dev.patronstream.schemas.KafkaAnswers;
import dev.patronstream.schemas.TopicSettings;
import dev.patronstream.schemas.Topics;
import dev.patronstream.streams.epochs.EpochTopology;
import dev.patronstream.streams.rebuild.DerivedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that positions, changelogs and this machine's folder belong together. Kafka Streams would go on from the
 * group's positions with whatever state it finds: with changelogs that were deleted it would take everybody for gone,
 * and with a folder of changelogs that have been replaced since it would mix two lives. What does not belong together is
 * dropped, and the contract topics are replayed from their beginning.
 */
final class StateGuard {

    private static final Logger LOGGER = LoggerFactory.getLogger(StateGuard.class);
    /** With a day to spare for clocks and for the replay itself. */
    private static final Duration TOMBSTONES_KEPT = TopicSettings.DELETE_RETENTION.minusDays(1);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String CHANGELOGS_FILE = "changelogs";

    private final Admin admin;
    private final String applicationId;
    private final DerivedState state;
    private final List<String> changelogs;
    private final String ledger;
    private final Path changelogsFile;

    /** Guards the state of one application. */
    StateGuard(Admin admin, Topics topics, Path stateDirectory) {
        this.admin = admin;
        this.applicationId = topics.streamsApplicationId();
        this.state = new DerivedState(admin, topics, stateDirectory);
        this.changelogs =
                EpochTopology.storeNames().stream().map(this::changelog).toList();
        this.ledger = changelog(EpochTopology.LEDGER);
        this.changelogsFile = state.folder().resolve(CHANGELOGS_FILE);
    }

    /**
     * Returns when what is there belongs together, dropping it if need be.
     *
     * @throws TimeoutException if it has to be dropped and another process runs the application
     */
    void putInOrder(Instant now) {
        dropWhile(() -> isStateLost() || isStateTooOld(now));
        dropFolderOfAnotherLife();
    }

    /**
     * Drops all state, whatever it is.
     *
     * @throws TimeoutException if another process runs the application
     */
    void dropAll() {
        dropWhile(() -> true);
    }

    private void dropWhile(BooleanSupplier unfit) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (unfit.getAsBoolean()) {
            // Another process may just be making what is missing. One that was killed stays until its session is over.
            List<String> members = state.members();
            if (members.isEmpty()) {
                drop();
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("The streams application " + applicationId
                        + " has lost its state, but another process of it still runs: " + String.join(", ", members)
                        + ". Stop it, then start again");
            }
            DerivedState.pause();
        }
    }

    /** Whether something is missing of what belongs together; so it is before the first start. */
    private boolean isStateLost() {
        if (!state.internalTopics().containsAll(changelogs)) {
            return true;
        }
        return state.hasPositions() && !hasRecords(ledger);
    }

    private void dropFolderOfAnotherLife() {
        if (noted().filter(known -> !known.equals(ledgerIdentity())).isPresent()) {
            LOGGER.atInfo()
                    .addKeyValue("folder", state.folder())
                    .log("The changelogs have been replaced since this folder was used; the folder is dropped and read"
                            + " back from them");
            state.deleteFolder();
        }
    }

    /**
     * Whether the state is so old that deletes may have been missed: compaction keeps a tombstone only for a while. The
     * changelog's records carry the time of the epoch they were written for.
     */
    private boolean isStateTooOld(Instant now) {
        TopicPartition partition = new TopicPartition(ledger, 0);
        long last = KafkaAnswers.await(admin.listOffsets(Map.of(partition, OffsetSpec.maxTimestamp()))
                        .all())
                .get(partition)
                .timestamp();
        return last >= 0 && Instant.ofEpochMilli(last).isBefore(now.minus(TOMBSTONES_KEPT));
    }

    private void drop() {
        boolean isFirstStart = state.internalTopics().isEmpty() && !state.hasPositions();
        if (!isFirstStart) {
            LOGGER.atWarn()
                    .addKeyValue("application", applicationId)
                    .log("The streams application's state is gone in parts, or too old to go on with: what is left of"
                            + " it is dropped, and the contract topics are replayed from their beginning");
        }
        state.clear();
    }

    /** Notes in this machine's folder which changelogs it belongs to; once they exist. */
    void noteChangelogs() {
        try {
            Files.createDirectories(state.folder());
            Files.writeString(changelogsFile, ledgerIdentity(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + state.folder() + " cannot be written", e);
        }
    }

    private Optional<String> noted() {
        try {
            return Files.exists(changelogsFile)
                    ? Optional.of(Files.readString(changelogsFile, StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + changelogsFile + " cannot be read", e);
        }
    }

    private String ledgerIdentity() {
        return KafkaAnswers.await(admin.describeTopics(List.of(ledger)).allTopicNames())
                .get(ledger)
                .topicId()
                .toString();
    }

    private boolean hasRecords(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return Optional.ofNullable(KafkaAnswers.await(admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                .all())
                        .get(partition))
                .filter(end -> end.offset() > 0)
                .isPresent();
    }

    private String changelog(String store) {
        return applicationId + "-" + store + "-changelog";
    }
}
