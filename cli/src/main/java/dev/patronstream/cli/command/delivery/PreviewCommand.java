package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.option.FeedCommand;
import dev.patronstream.cli.command.option.WaitOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code preview}: what a feed would be like with another database, before the switch. */
@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        description = {
            "Holds a feed against another database, before the yearly switch to it: per school who stays, moves, is",
            "new, leaves and changes grade. Reads only; the other database needs no change data capture yet."
        },
        footer = {
            "",
            "Example: patronstream preview destiny --database DST27000EAGLE",
            "         patronstream preview destiny --database DST27000EAGLE --keys"
        })
public final class PreviewCommand extends FeedCommand {

    private static final Duration READ_PATIENCE = Duration.ofSeconds(60);

    @Option(
            names = "--database",
            required = true,
            paramLabel = "NAME",
            description = "The other database, on the configured server and read by the configured login.")
    private String database = "";

    @Option(names = "--keys", description = "Also a line for everybody who moves, is new or leaves.")
    private boolean keys;

    @Mixin
    private final WaitOption wait = new WaitOption();

    public PreviewCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Configuration configuration = configuration(Part.DATABASE, Part.KAFKA);
        FeedSelection selection = settings(configuration).selection();
        ClusterClients clients = Cluster.running(configuration);
        DatabaseSettings other = other(configuration.capture().database());
        try (CurrentRows rows = CurrentRows.open(other)) {
            Cut cut = cut(configuration, clients, selection);
            FeedPreview report = new FeedPreview(selection, cut, rows);
            print(report, cut.epoch(), studentsNow(configuration, clients, cut.epoch()));
        } catch (CaptureException e) {
            throw new CommandFailedException("sqlserver (" + other.address() + "): " + e.getMessage(), e);
        }
        return 0;
    }

    private DatabaseSettings other(DatabaseSettings configured) {
        return new DatabaseSettings(
                configured.host(),
                configured.port(),
                database,
                configured.schema(),
                configured.user(),
                configured.password(),
                configured.driver());
    }

    private Cut cut(Configuration configuration, ClusterClients clients, FeedSelection selection) {
        try {
            return new FeedCutter(configuration.topics(), clients.kafkaProperties(), clients.avro())
                    .cut(selection, wait.time());
        } catch (CutFailedException e) {
            throw new CommandFailedException(
                    "The current state of feed " + feed + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static long studentsNow(Configuration configuration, ClusterClients clients, EpochApplied epoch) {
        try (CommittedTopics reader = new CommittedTopics(clients.kafka(), READ_PATIENCE)) {
            return EnrolledStudents.inTopic(reader, configuration.topics(), clients.avro(), epoch.getEpoch())
                    .size();
        }
    }

    private void print(FeedPreview report, EpochApplied epoch, long studentsNow) {
        String current = epoch.getDatabase().isEmpty() ? "the captured database" : epoch.getDatabase();
        line("Feed " + feed + " as of " + current + " now, and as it would be with " + database
                + " as it stands. Nothing was changed.");
        line("");
        report.table().forEach(row -> line("  " + row));
        line("");
        report.sentences().forEach(sentence -> line("  " + sentence));
        line(String.format(
                Locale.ROOT,
                "  Students enrolled in the district: %,d now, %,d in %s.",
                studentsNow,
                report.enrolledStudents(),
                database));
        List<String> warnings = new ArrayList<>();
        Optional<String> unfinished = EnrolledStudents.unfinished(database, report.enrolledStudents(), studentsNow);
        unfinished.ifPresent(sentence -> warnings.add(sentence + "; `run` would refuse it"));
        warnings.addAll(report.warnings());
        if (!warnings.isEmpty()) {
            line("");
            warnings.forEach(warning -> line("  ! " + warning));
        }
        if (keys) {
            line("");
            report.keys().forEach(key -> line("  " + key));
        }
    }
}
