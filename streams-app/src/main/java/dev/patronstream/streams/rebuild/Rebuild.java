package dev.patronstream.streams.rebuild;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.StreamsApp;
import dev.patronstream.streams.StreamsSettings;
import dev.patronstream.streams.StreamsStatus;
import dev.patronstream.streams.runtime.DerivedState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/**
 * Clears what the streams application has derived and replays the contract topics (promise 4). Into a topic that was not
 * cleared only differences are written, once everything has been read: nothing, if its content is right.
 *
 * <p>The services must be stopped. Killed at any point it can be begun again, and goes on with the replay where it
 * stood; a start of the streams application would do the same. Used by one thread.
 */
public final class Rebuild implements AutoCloseable {

    /** Longer than the session of a process that was killed. */
    private static final Duration SESSION_OVER = Duration.ofSeconds(20);

    private final StreamsSettings settings;
    private final InstantSource clock;
    private final Admin admin;
    private final CommittedTopics reader;
    private final DerivedState state;

    /** Prepares a rebuild; the clock only says when it began. */
    public Rebuild(StreamsSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.admin = Admin.create(settings.kafka());
        this.reader = new CommittedTopics(settings.kafka());
        this.state = new DerivedState(admin, settings.topics(), settings.stateDirectory());
    }

    /**
     * Returns when a rebuild began that has cleared and was interrupted in its replay, if there is one. One whose replay
     * has come to its end since, by a start of the services, is over.
     *
     * @param all whether the feeds are to be cleared too; a rebuild that left them alone is then none to go on with
     */
    public Optional<Instant> interrupted(boolean all) {
        return journal(all).map(RebuildJournal::begun);
    }

    private Optional<RebuildJournal> journal(boolean all) {
        return RebuildJournal.read(settings.stateDirectory())
                .filter(journal -> journal.all() || !all)
                .filter(journal -> announced(journal).isEmpty());
    }

    /**
     * Returns what a rebuild deletes, in words.
     *
     * @param all whether the feeds are cleared too
     */
    public List<String> deletes(boolean all) {
        List<String> words = new ArrayList<>();
        state.internalTopics().forEach(topic -> words.add("internal topic " + topic));
        if (state.hasPositions()) {
            words.add("positions of the group " + settings.topics().streamsApplicationId());
        }
        words.add("folder " + state.folder());
        outputs(all).stream().filter(reader::exists).forEach(topic -> words.add("topic " + topic));
        return words;
    }

    /** Returns the topics that are kept: compared, and written to only where something differs. */
    public List<String> keeps(boolean all) {
        return all ? List.of() : feedTopics();
    }

    /**
     * Rebuilds, or goes on with one that was interrupted.
     *
     * @param all whether the feeds are cleared too
     * @param watcher is notified of the progress of the replay, several times a second
     * @param stop asked as often whether to give up
     * @return what was done; nothing if it was stopped before it was done
     * @throws RebuildRefusedException if a process runs the application, or there is nothing to replay
     * @throws IllegalStateException if the replay stops by itself
     */
    public Optional<RebuildReport> run(boolean all, Consumer<StreamsStatus> watcher, BooleanSupplier stop) {
        requireNobodyRuns();
        RebuildJournal journal = journal(all).orElseGet(() -> clear(all));
        Optional<RebuildReport> report = replay(journal, watcher, stop).map(applied -> report(journal, applied));
        if (report.isPresent()) {
            RebuildJournal.delete(settings.stateDirectory());
        }
        return report;
    }

    private void requireNobodyRuns() {
        List<String> members = state.awaitNoMembers(SESSION_OVER);
        if (!members.isEmpty()) {
            throw new RebuildRefusedException(
                    "The streams application " + settings.topics().streamsApplicationId() + " runs in another process: "
                            + String.join(", ", members) + ". Stop it first");
        }
    }

    private RebuildJournal clear(boolean all) {
        RebuildJournal.delete(settings.stateDirectory());
        Instant begun = clock.instant();
        Progress current = current();
        state.clear();
        state.deleteTopics(outputs(all));
        Map<String, Long> ends = new LinkedHashMap<>();
        tables().forEach(topic -> ends.put(topic, end(topic)));
        RebuildJournal journal = new RebuildJournal(
                begun, all, current.getEpoch(), end(settings.topics().epochs()), ends);
        journal.write(settings.stateDirectory());
        return journal;
    }

    /** Runs the streams application until it has announced the journal's epoch, told to readers of committed records. */
    private Optional<EpochApplied> replay(
            RebuildJournal journal, Consumer<StreamsStatus> watcher, BooleanSupplier stop) {
        try (StreamsApp app = new StreamsApp(settings)) {
            app.start();
            while (true) {
                app.failure().getNow(null);
                StreamsStatus status = app.status();
                watcher.accept(status);
                boolean isApplied = status.applied()
                        .filter(applied -> applied.getEpoch() >= journal.epoch())
                        .isPresent();
                Optional<EpochApplied> announced = isApplied ? announced(journal) : Optional.empty();
                if (announced.isPresent() || stop.getAsBoolean()) {
                    return announced;
                }
                DerivedState.pause();
            }
        } catch (CompletionException e) {
            throw e.getCause() instanceof IllegalStateException known ? known : new IllegalStateException(e.getCause());
        }
    }

    /** Returns the last announcement, if it is of the replay. */
    private Optional<EpochApplied> announced(RebuildJournal journal) {
        RecordForm<EpochApplied> form = RecordForm.of(settings.epochs().serdes().deserializer(EpochApplied.class));
        return reader.newestRecord(settings.topics().epochs(), form, Keys.EPOCH)
                .filter(record -> record.offset() >= journal.epochsFrom())
                .flatMap(TopicRecord::value)
                .filter(applied -> applied.getEpoch() >= journal.epoch());
    }

    private Progress current() {
        String topic = settings.topics().progress();
        return reader.newest(
                        topic, RecordForm.of(settings.epochs().serdes().deserializer(Progress.class)), Keys.PROGRESS)
                .orElseThrow(() -> new RebuildRefusedException("There is nothing to replay: topic " + topic
                        + " holds no epoch yet. Start the connector; the streams application fills the tables by"
                        + " itself"));
    }

    private long end(String topic) {
        return reader.exists(topic) ? reader.end(topic) : 0;
    }

    private RebuildReport report(RebuildJournal journal, EpochApplied applied) {
        Topics topics = settings.topics();
        List<RebuildReport.Table> tables = new ArrayList<>();
        Map<String, Long> entries = new LinkedHashMap<>();
        entries.put(topics.patrons(), applied.getPatrons());
        applied.getFeedEntries().forEach((feed, count) -> entries.put(topics.feed(feed), count));
        Collection<String> cleared = outputs(journal.all());
        for (String topic : tables()) {
            long before = journal.ends().getOrDefault(topic, 0L);
            long[] written = {0};
            reader.read(topic, RecordForm.ANY, before, record -> written[0]++);
            tables.add(new RebuildReport.Table(
                    topic, cleared.contains(topic), entries.getOrDefault(topic, 0L), before, end(topic), written[0]));
        }
        return new RebuildReport(journal.begun(), applied.getEpoch(), tables);
    }

    /** The topics that are cleared. The announcement goes with the feeds: without them it says what is not so. */
    private List<String> outputs(boolean all) {
        List<String> outputs = new ArrayList<>();
        outputs.add(settings.topics().patrons());
        if (all) {
            outputs.addAll(feedTopics());
            outputs.add(settings.topics().epochs());
        }
        return outputs;
    }

    private List<String> tables() {
        List<String> tables = new ArrayList<>();
        tables.add(settings.topics().patrons());
        tables.addAll(feedTopics());
        return tables;
    }

    private List<String> feedTopics() {
        return settings.epochs().feedNames().stream()
                .map(settings.topics()::feed)
                .toList();
    }

    @Override
    public void close() {
        reader.close();
        admin.close();
    }
}
