package dev.patronstream.streams.rebuild;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.FeedSelection;
import dev.patronstream.schemas.KafkaAnswers;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.TopicSettings;
import dev.patronstream.schemas.Topics;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.streams.StreamsSettings;
import dev.patronstream.streams.StreamsStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * Replays the contract topics into a second set of outputs, the shadow, and compares it with the tables that there are:
 * whether promise 4 holds now. Changes nothing of the district's, and deletes the shadow at the end; what a killed one
 * leaves is deleted by the next.
 *
 * <p>Both are compared as of the epoch that was applied last when it began, so the services may run or not. Used by one
 * thread.
 */
public final class Verification implements AutoCloseable {

    private static final Duration SESSION_OVER = Duration.ofSeconds(20);
    private static final Duration EVALUATED_AGAIN_WITHIN = Duration.ofMinutes(2);
    private static final Duration MARGIN = Duration.ofHours(1);

    private final StreamsSettings settings;
    private final Path directory;
    private final InstantSource clock;
    private final Admin admin;
    private final CommittedTopics reader;
    private final DerivedState shadowState;

    /**
     * Prepares a comparison.
     *
     * @param settings how the application runs that is compared
     * @param directory folder for the shadow's state; made, and deleted at the end
     * @param clock tells how old records are
     */
    public Verification(StreamsSettings settings, Path directory, InstantSource clock) {
        this.settings = settings;
        this.directory = directory;
        this.clock = clock;
        this.admin = Admin.create(settings.kafka());
        this.reader = new CommittedTopics(settings.kafka());
        this.shadowState = new DerivedState(admin, settings.topics().shadow(), directory);
    }

    /**
     * Compares.
     *
     * @param watcher is told how the replay is, several times a second
     * @param stop asked as often whether to give up
     * @return what was found; nothing if it was stopped before
     * @throws RebuildRefusedException if there is nothing that can be compared, or another comparison runs
     * @throws IllegalStateException if the replay stops by itself
     */
    public Optional<VerificationReport> run(Consumer<StreamsStatus> watcher, BooleanSupplier stop) {
        List<String> members = shadowState.awaitNoMembers(SESSION_OVER);
        if (!members.isEmpty()) {
            throw new RebuildRefusedException(
                    "Another comparison runs: " + String.join(", ", members) + ". Wait for its end");
        }
        EpochApplied applied = applied();
        Progress epoch = progress(applied);
        removeShadow();
        try {
            StreamsSettings shadow = settings.shadow(epoch, directory);
            if (new Replay(shadow, reader, watcher, stop)
                    .run(epoch.getEpoch(), 0)
                    .isEmpty()) {
                return Optional.empty();
            }
            VerificationReport report = compare(applied);
            requireUntouched(applied);
            return Optional.of(report);
        } finally {
            removeShadow();
        }
    }

    private VerificationReport compare(EpochApplied applied) {
        Topics topics = settings.topics();
        Topics shadow = topics.shadow();
        TableComparison comparison = new TableComparison(settings, reader, applied.getEpoch());
        List<VerificationReport.Table> tables = new ArrayList<>();
        tables.add(comparison.compare(topics.patrons(), shadow.patrons(), Patron.class, clock.instant()));
        List<String> changed = new ArrayList<>();
        for (FeedSelection selection : settings.feeds()) {
            String feed = selection.feed();
            if (reader.exists(topics.feed(feed))) {
                tables.add(comparison.compare(topics.feed(feed), shadow.feed(feed), FeedEntry.class, clock.instant()));
            }
            if (!selection.fingerprint().equals(applied.getFeeds().get(feed))) {
                changed.add(feed);
            }
        }
        return new VerificationReport(
                applied.getEpoch(), applied.getWatermark(), applied.getBusinessDate(), changed, tables);
    }

    /** The epoch that the tables are the state of. While everybody is evaluated again they are the state of none. */
    private EpochApplied applied() {
        String topic = settings.topics().epochs();
        long deadline = System.nanoTime() + EVALUATED_AGAIN_WITHIN.toNanos();
        while (true) {
            Optional<EpochApplied> applied = announcement();
            if (applied.isPresent()) {
                return applied.get();
            }
            boolean isComing = reader.exists(topic)
                    && !new DerivedState(admin, settings.topics(), settings.stateDirectory())
                            .members()
                            .isEmpty();
            if (!isComing || System.nanoTime() > deadline) {
                throw new RebuildRefusedException("There is nothing to compare: the patron table and the feeds are the"
                        + " state of no epoch now (topic " + topic + "). Start the services, and verify again when"
                        + " they are up to date");
            }
            DerivedState.pause();
        }
    }

    private Optional<EpochApplied> announcement() {
        return reader.newest(settings.topics().epochs(), Replay.announcements(settings), Keys.EPOCH);
    }

    /** The record with which the connector ended the epoch. Only of a recent one all rows are sure to be there still. */
    private Progress progress(EpochApplied applied) {
        String topic = settings.topics().progress();
        List<Progress> found = new ArrayList<>();
        boolean[] isLast = {false};
        RecordForm<Progress> form = RecordForm.of(settings.serdes().deserializer(Progress.class));
        reader.read(topic, form, record -> record.value().ifPresent(progress -> {
            isLast[0] = progress.getEpoch() == applied.getEpoch()
                    && progress.getGeneration().equals(applied.getGeneration());
            if (isLast[0]) {
                found.add(progress);
            }
        }));
        boolean isRecent = applied.getPublishedAt()
                .isAfter(clock.instant().minus(TopicSettings.MIN_COMPACTION_LAG).plus(MARGIN));
        if (found.isEmpty() || !(isLast[0] || isRecent)) {
            throw new RebuildRefusedException("The tables are the state of epoch " + applied.getEpoch() + " of "
                    + applied.getPublishedAt() + ", and rows of later epochs may have taken the place of its own since."
                    + " Start the services, and verify again when they have caught up");
        }
        return found.get(0);
    }

    /** Nothing of the epoch compared may have been written meanwhile. */
    private void requireUntouched(EpochApplied before) {
        Optional<EpochApplied> now = announcement();
        boolean isOther = now.isEmpty()
                || (now.get().getEpoch() == before.getEpoch() && !now.get().equals(before));
        if (isOther) {
            throw new RebuildRefusedException("The services evaluated everybody again while the tables were compared:"
                    + " their configuration was changed. Verify again when they are up to date");
        }
    }

    private void removeShadow() {
        shadowState.clear();
        Set<String> left = new HashSet<>(shadowTopics());
        shadowState.deleteTopics(left);
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The folder " + directory + " cannot be deleted; it was only used for the comparison", e);
        }
    }

    private List<String> shadowTopics() {
        String prefix = settings.topics().shadow().outputPrefix() + ".";
        return KafkaAnswers.await(admin.listTopics().names()).stream()
                .filter(topic -> topic.startsWith(prefix))
                .toList();
    }

    @Override
    public void close() {
        reader.close();
        admin.close();
    }
}
