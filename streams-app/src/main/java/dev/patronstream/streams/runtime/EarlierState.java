package dev.patronstream.streams.runtime;

import dev.patronstream.schemas.topic.KafkaAnswers;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.epochs.Stores;
import dev.patronstream.streams.topics.Note;
import dev.patronstream.streams.topics.TopicReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state that an earlier run has left, before Kafka Streams takes it up. Whether it fits the topics, it says itself
 * once it is read; here is what cannot be seen then any more. A folder is a copy of changelogs, which may have become
 * others since; and compaction keeps a tombstone only for a while, so that state that is older may have missed some.
 */
public final class EarlierState {

    private static final Logger LOGGER = LoggerFactory.getLogger(EarlierState.class);
    /** To spare for clocks and for the replay itself. */
    private static final Duration SPARE = Duration.ofDays(1);

    private static final Duration TOMBSTONES_KEPT = TopicSettings.DELETE_RETENTION.minus(SPARE);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NOTE_FILE = "changelog-note";

    private final Admin admin;
    private final String applicationId;
    private final DerivedState state;
    private final String ledger;
    private final Path noteFile;
    private final Supplier<TopicReader> readers;

    /** The state of one application. */
    public EarlierState(Admin admin, Topics topics, Path stateDirectory, Supplier<TopicReader> readers) {
        this.admin = admin;
        this.applicationId = topics.streamsApplicationId();
        this.state = new DerivedState(admin, topics, stateDirectory);
        this.ledger = Stores.changelog(topics, Stores.LEDGER);
        this.noteFile = state.folder().resolve(NOTE_FILE);
        this.readers = readers;
    }

    /** Drops what is not to be taken up. */
    public void prepare(Instant now) {
        boolean hasLedger = state.internalTopics().contains(ledger);
        if (hasLedger && isTooOld(now)) {
            LOGGER.atWarn()
                    .addKeyValue("application", applicationId)
                    .log("The streams application's state is too old to go on with: it is dropped, and the contract"
                            + " topics are replayed from their beginning");
            drop();
        } else if (Files.exists(noteFile) && !(hasLedger && folderFits())) {
            LOGGER.atInfo()
                    .addKeyValue("folder", state.folder())
                    .log("The changelogs are not those that this folder was a copy of; the folder is dropped and read"
                            + " back from them");
            state.deleteFolder();
        }
        deleteNote();
    }

    /** Drops all of it; but not under another process of the application, which sees the same and may have begun again. */
    public void drop() {
        List<String> members = state.awaitNoMembers(PATIENCE);
        if (members.isEmpty()) {
            state.clear();
        } else {
            LOGGER.atWarn()
                    .addKeyValue("members", String.join(", ", members))
                    .log("The streams application's state is not dropped while another process of it runs");
        }
    }

    /** The changelog's records carry the time of the epoch they were written for, by a clock that can have been wrong. */
    private boolean isTooOld(Instant now) {
        TopicPartition partition = new TopicPartition(ledger, 0);
        long latest = KafkaAnswers.await(admin.listOffsets(Map.of(partition, OffsetSpec.maxTimestamp()))
                        .all())
                .get(partition)
                .timestamp();
        if (isToCome(latest, now)) {
            try (TopicReader reader = readers.get()) {
                return reader.last(ledger)
                        .filter(last -> isTooOld(last.timestamp(), now))
                        .isPresent();
            }
        }
        return latest >= 0 && isTooOld(latest, now);
    }

    /** A time to come says that a clock was wrong, and nothing of how old the state is. */
    static boolean isTooOld(long last, Instant now) {
        return isToCome(last, now) || Instant.ofEpochMilli(last).isBefore(now.minus(TOMBSTONES_KEPT));
    }

    private static boolean isToCome(long last, Instant now) {
        return Instant.ofEpochMilli(last).isAfter(now.plus(SPARE));
    }

    private boolean folderFits() {
        try (TopicReader reader = readers.get()) {
            String[] kept = Files.readString(noteFile, StandardCharsets.UTF_8).split("\n", 2);
            return kept[0].equals(reader.identity(ledger)) && Note.of(kept[1]).fits(ledger, reader);
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + noteFile + " cannot be read", e);
        }
    }

    /** Notes which changelog the folder is a copy of, and how far; after an orderly end, before another run begins. */
    public void note() {
        try (TopicReader reader = readers.get()) {
            if (Files.exists(state.folder()) && state.internalTopics().contains(ledger)) {
                String note = reader.identity(ledger) + "\n"
                        + Note.ofLast(ledger, reader).text();
                Files.writeString(noteFile, note, StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + noteFile + " cannot be written", e);
        }
    }

    private void deleteNote() {
        try {
            Files.deleteIfExists(noteFile);
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + noteFile + " cannot be deleted", e);
        }
    }
}
