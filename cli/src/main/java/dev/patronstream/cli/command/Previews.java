package dev.patronstream.cli.command;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.option.FeedOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.preview.FeedPreview;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.connector.asof.CurrentRows;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.start.EnrolledStudents;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.snapshotter.cut.CutFailedException;
import dev.patronstream.snapshotter.cut.FeedCutter;
import dev.patronstream.snapshotter.cut.FeedCutter.Cut;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Makes previews of a feed and prints them, without their keys. */
final class Previews {

    private static final Duration READ_PATIENCE = Duration.ofSeconds(60);

    private final Terminal terminal;
    private final String feed;
    private final Configuration configuration;
    private final Configuration changed;
    private final FeedSelection then;

    /** @param changed the configuration by which the feed would be another one */
    Previews(Terminal terminal, String feed, Configuration configuration, Configuration changed) {
        this.terminal = terminal;
        this.feed = feed;
        this.configuration = configuration;
        this.changed = changed;
        this.then = FeedOption.named(changed, feed).selection();
    }

    /** Both configurations, by the rows of the configured database. */
    FeedPreview ofConfiguration() {
        Optional<FeedSelection> now = configuration.deliveries().feeds().stream()
                .map(FeedSettings::selection)
                .filter(selection -> selection.feed().equals(feed))
                .findFirst();
        Set<String> judged = new HashSet<>(then.judgedColumns());
        now.ifPresent(selection -> judged.addAll(selection.judgedColumns()));
        DatabaseSettings database = configuration.capture().database();
        try (CurrentRows rows = CurrentRows.open(database, judged)) {
            LocalDate today = LocalDate.now(configuration.district().timeZone());
            FeedPreview preview = FeedPreview.ofSelection(now, then, today, rows);
            terminal.line("Feed " + feed
                    + now.map(known -> " by " + name(configuration) + " now, and as")
                            .orElse(", which is new, as")
                    + " it would be by " + name(changed) + ", with the rows of " + database.database()
                    + " as they stand. Nothing was changed.");
            print(preview, List.of(), List.of());
            return preview;
        } catch (CaptureException e) {
            throw failed(database, e);
        }
    }

    private static String name(Configuration configuration) {
        return String.valueOf(configuration.installation().file().getFileName());
    }

    /** The feed as it is, and as it would be by the rows of another database. */
    FeedPreview ofDatabase(String name, Duration patience) {
        FeedSelection now = FeedOption.named(configuration, feed).selection();
        ClusterClients clients = Cluster.begun(configuration);
        DatabaseSettings database = configuration.capture().database().withDatabase(name);
        try (CurrentRows rows = CurrentRows.open(database, then.judgedColumns())) {
            Cut cut = new FeedCutter(configuration.topics(), clients.kafkaProperties(), clients.avro())
                    .cut(now, patience);
            FeedPreview preview = FeedPreview.ofDatabase(cut, then, rows);
            String current = cut.epoch().getDatabase();
            terminal.line("Feed " + feed + " as of " + (current.isEmpty() ? "the captured database" : current)
                    + " now, and as it would be with " + name + " as it stands. Nothing was changed.");
            long students = studentsNow(clients, cut.epoch());
            print(
                    preview,
                    List.of(String.format(
                            Locale.ROOT,
                            "Students enrolled in the district: %,d now, %,d in %s.",
                            students,
                            preview.enrolledStudents(),
                            name)),
                    EnrolledStudents.unfinished(name, preview.enrolledStudents(), students).stream()
                            .map(sentence -> sentence + "; `run` would refuse it")
                            .toList());
            return preview;
        } catch (CutFailedException e) {
            throw new CommandFailedException(
                    "The current state of feed " + feed + " cannot be read: " + e.getMessage(), e);
        } catch (CaptureException e) {
            throw failed(database, e);
        }
    }

    private static CommandFailedException failed(DatabaseSettings database, CaptureException why) {
        return new CommandFailedException("sqlserver (" + database.address() + "): " + why.getMessage(), why);
    }

    private long studentsNow(ClusterClients clients, EpochApplied epoch) {
        try (CommittedTopics reader = new CommittedTopics(clients.kafka(), READ_PATIENCE)) {
            return EnrolledStudents.inTopic(reader, configuration.topics(), clients.avro(), epoch.getEpoch())
                    .size();
        }
    }

    private void print(FeedPreview preview, List<String> sentences, List<String> warnings) {
        terminal.line("");
        preview.table().forEach(row -> terminal.line("  " + row));
        terminal.line("");
        preview.sentences().forEach(sentence -> terminal.line("  " + sentence));
        sentences.forEach(sentence -> terminal.line("  " + sentence));
        List<String> all = new ArrayList<>(warnings);
        all.addAll(preview.warnings());
        if (!all.isEmpty()) {
            terminal.line("");
            all.forEach(warning -> terminal.line("  ! " + warning));
        }
    }
}
