package dev.patronstream.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.option.FeedOption;
import dev.patronstream.cli.command.option.JsonOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.preview.FeedPreview;
import dev.patronstream.cli.screen.CommandFailedException;
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
import java.util.stream.Collectors;

/** Makes previews of a feed. */
final class Previews {

    private static final Duration READ_PATIENCE = Duration.ofSeconds(60);

    /**
     * A preview, and what it is of.
     *
     * @param subject the feed, and what it is held against
     * @param preview the counts
     * @param sentences about the district
     * @param warnings what to look at before the switch
     */
    record Made(String subject, FeedPreview preview, List<String> sentences, List<String> warnings) {

        /** Returns it for a person; with a line for everybody who moves, is new or leaves, if asked for. */
        List<String> lines(boolean keys) {
            List<String> lines = new ArrayList<>(List.of(subject + " Nothing was changed.", ""));
            preview.table().forEach(row -> lines.add("  " + row));
            lines.add("");
            preview.sentences().forEach(sentence -> lines.add("  " + sentence));
            sentences.forEach(sentence -> lines.add("  " + sentence));
            if (!warnings.isEmpty()) {
                lines.add("");
                warnings.forEach(warning -> lines.add("  ! " + warning));
            }
            if (keys) {
                lines.add("");
                preview.keys().forEach(key -> lines.add("  " + key));
            }
            return lines;
        }

        /** The same for a program. */
        void fill(ObjectNode document, boolean keys) {
            document.put("subject", subject);
            preview.fill(document);
            JsonOption.put(document, "warnings", warnings);
            if (keys) {
                JsonOption.put(document, "keys", preview.keys());
            }
        }
    }

    private final String feed;
    private final Configuration configuration;
    private final Configuration changed;
    private final FeedSelection then;

    /** @param changed the configuration by which the feed would be another one */
    Previews(String feed, Configuration configuration, Configuration changed) {
        this.feed = feed;
        this.configuration = configuration;
        this.changed = changed;
        this.then = FeedOption.named(changed, feed).selection();
    }

    /** Both configurations, by the rows of the configured database. */
    Made ofConfiguration() {
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
            return new Made(
                    "Feed " + feed
                            + now.map(known -> " by " + name(configuration) + " now, and as")
                                    .orElse(", which is new, as")
                            + " it would be by " + name(changed) + ", with the rows of " + database.database()
                            + " as they stand.",
                    preview,
                    List.of(),
                    preview.warnings());
        } catch (CaptureException e) {
            throw failed(database, e);
        }
    }

    private static String name(Configuration configuration) {
        return String.valueOf(configuration.installation().file().getFileName());
    }

    /** The feed as it is, and as it would be by the rows of another database. */
    Made ofDatabase(String name, Duration patience) {
        FeedSelection now = FeedOption.named(configuration, feed).selection();
        ClusterClients clients = Cluster.begun(configuration);
        DatabaseSettings database = configuration.capture().database().withDatabase(name);
        try (CurrentRows rows = CurrentRows.open(database, then.judgedColumns())) {
            Cut cut = new FeedCutter(configuration.topics(), clients.kafkaProperties(), clients.avro())
                    .cut(now, patience);
            FeedPreview preview = FeedPreview.ofDatabase(cut, then, rows);
            String current = cut.epoch().getDatabase();
            long students = studentsNow(clients, cut.epoch());
            List<String> warnings = EnrolledStudents.unfinished(name, preview.enrolledStudents(), students).stream()
                    .map(sentence -> sentence + "; `run` would refuse it")
                    .collect(Collectors.toCollection(ArrayList::new));
            warnings.addAll(preview.warnings());
            return new Made(
                    "Feed " + feed + " as of " + (current.isEmpty() ? "the captured database" : current)
                            + " now, and as it would be with " + name + " as it stands.",
                    preview,
                    List.of(String.format(
                            Locale.ROOT,
                            "Students enrolled in the district: %,d now, %,d in %s.",
                            students,
                            preview.enrolledStudents(),
                            name)),
                    warnings);
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
}
