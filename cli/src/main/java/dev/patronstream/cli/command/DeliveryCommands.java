package dev.patronstream.cli.command;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.command.option.ConfigurationOption;
import dev.patronstream.cli.command.option.Converters;
import dev.patronstream.cli.command.option.FeedOption;
import dev.patronstream.cli.command.option.WaitOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.run.DeliveryWords;
import dev.patronstream.cli.run.PauseOrder;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.SnapshotOptions;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.snapshotter.delivery.SnapshotFailedException;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.notice.DeliveryListener;
import dev.patronstream.snapshotter.notice.NoticeBoard;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The commands that order something about deliveries.
 *
 * <p>Carried out in this process, whether {@code run} is up on this machine, on another one or not at all: a snapshot's
 * cut needs the topics only, and the feed's transactional id keeps two deliveries from crossing.
 */
@Command
final class DeliveryCommands {

    private static final int FAILED = 1;
    private static final int HELD = 3;

    private final Terminal terminal;

    DeliveryCommands(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "snapshot",
            mixinStandardHelpOptions = true,
            description = "Delivers a feed now: everything committed in the database up to this moment, and captured.",
            footer = {
                "",
                "Example: patronstream snapshot destiny",
                "         patronstream snapshot destiny --dry-run --output look"
            })
    int snapshot(
            @Mixin FeedOption feed,
            @Option(names = "--dry-run", description = "Write the files to a folder of this machine; send nothing.")
                    boolean dryRun,
            @Option(
                            names = "--output",
                            paramLabel = "DIR",
                            converter = Converters.Folder.class,
                            description = "The folder of a dry run (default: ./FEED-dry-run).")
                    @Nullable
                    Path output,
            @Option(names = "--again", description = "Send the file even if the vendor holds the same one already.")
                    boolean again,
            @Mixin WaitOption wait) {
        if (output != null && !dryRun) {
            throw new CommandFailedException("--output is the folder of a dry run; add --dry-run, or leave it out", 2);
        }
        Configuration configuration =
                dryRun ? feed.readAndLog(terminal, Part.KAFKA) : feed.readAndLog(terminal, Part.KAFKA, Part.DELIVERY);
        feed.settings(configuration);
        Optional<Path> folder = dryRun
                ? Optional.of((output == null ? Path.of(feed.name() + "-dry-run") : output)
                        .toAbsolutePath()
                        .normalize())
                : Optional.empty();
        District district = new District(configuration, Cluster.begun(configuration));
        StopRequest stop = terminal.stop().get();
        try (Snapshotter snapshotter = district.snapshotter(wait.time(), DeliveryListener.none())) {
            stop.closing(snapshotter);
            print(snapshotter.snapshot(feed.name(), new SnapshotOptions(folder, again)), folder, configuration);
            return 0;
        } catch (SnapshotFailedException e) {
            throw new CommandFailedException("The snapshot of " + feed.name() + " failed: " + e.getMessage(), e);
        }
    }

    private void print(Delivery delivery, Optional<Path> folder, Configuration configuration) {
        String feed = delivery.getFeed();
        Optional<String> failure = DeliveryWords.failure(delivery);
        if (failure.isPresent()) {
            boolean failed = delivery.getResult() == DeliveryResult.FAILED;
            throw new CommandFailedException(
                    "feeds." + feed + ": " + failure.get()
                            + (folder.isPresent() ? "" : "\n  receipt: " + delivery.getId()),
                    failed ? FAILED : HELD);
        }
        terminal.line(feed + " " + DeliveryWords.line(delivery));
        DeliveryWords.sites(delivery).forEach(terminal::line);
        folder.ifPresent(where -> terminal.line("  files: " + where));
        if (folder.isPresent()) {
            DeliveryWords.difference(delivery).forEach(terminal::line);
            if (!delivery.getHolds().isEmpty()) {
                terminal.line("It would be held, because");
                DeliveryWords.holds(delivery).forEach(terminal::line);
            }
        } else {
            DeliveryWords.destination(delivery).ifPresent(where -> terminal.line("  " + where));
            terminal.line("  receipt: " + delivery.getId());
            terminal.line("  local copy: "
                    + configuration.deliveries().archive().resolve(feed).resolve(delivery.getId()));
        }
        delivery.getMessage().ifPresent(message -> terminal.line("  " + message));
        delivery.getCaptureNews().forEach(news -> terminal.line("  " + news));
    }

    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            description = "Delivers nothing of a feed until a time; capture and feeds go on. Outlives every process.",
            footer = {
                "",
                "Example: patronstream pause destiny --until 2026-08-10",
                "         patronstream pause destiny --until 2026-08-10T06:00"
            })
    int pause(
            @Mixin FeedOption feed,
            @Option(
                            names = "--until",
                            required = true,
                            paramLabel = "TIME",
                            description = "When deliveries begin again: a day, or a day and time, by the feed's clock.")
                    String until) {
        Configuration configuration = feed.readAndLog(terminal, Part.KAFKA);
        PauseOrder order;
        try {
            order = PauseOrder.of(configuration, feed.settings(configuration), until);
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException("--until " + e.getMessage(), 2);
        }
        order.give(
                new District(configuration, Cluster.running(configuration)),
                System.getProperty("user.name", "unknown"));
        terminal.line("Nothing of " + feed.name() + " is delivered until "
                + order.until().atZone(order.zone())
                + "; a delivery that the schedule has in between is caught up once then."
                + " `patronstream resume " + feed.name() + "` ends it before.");
        return 0;
    }

    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Delivers a paused feed again, by its schedule; what the pause skipped is caught up once.",
            footer = {"", "Example: patronstream resume destiny"})
    int resume(@Mixin FeedOption feed) {
        Configuration configuration = feed.readAndLog(terminal, Part.KAFKA);
        FeedSettings settings = feed.settings(configuration);
        new District(configuration, Cluster.running(configuration)).pauses().resume(feed.name());
        terminal.line(settings.safeguards()
                .pausedUntil(Instant.now())
                .map(until -> "The order to pause " + feed.name() + " is taken back, and the configuration pauses it"
                        + " until " + until + " all the same.")
                .orElse("Deliveries of " + feed.name() + " go on."));
        return 0;
    }

    @Command(
            name = "notify",
            mixinStandardHelpOptions = true,
            description = "Sends a test by every channel of notices, and says which of them took it.",
            footer = {"", "Example: patronstream notify --test"})
    int notifyPeople(
            @Mixin ConfigurationOption option,
            @Option(
                            names = "--test",
                            required = true,
                            description = "Send the test; there is nothing else to send by hand.")
                    boolean test) {
        Configuration configuration = option.readAndLog(terminal, Part.DELIVERY);
        if (!test || configuration.deliveries().notices().channels().isEmpty()) {
            throw new CommandFailedException(
                    "There is nobody to tell: " + configuration.installation().file()
                            + " has no notices. Add notices.webhook or notices.email",
                    2);
        }
        List<NoticeBoard.TestResult> results = NoticeBoard.test(
                configuration.district().name(),
                configuration.deliveries().notices().channels(),
                InstantSource.system());
        results.forEach(result ->
                terminal.line(result.channel() + ": " + result.failure().orElse("took the test")));
        return results.stream().anyMatch(result -> result.failure().isPresent()) ? FAILED : 0;
    }
}
