package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.cluster.RunningCluster;
import dev.patronstream.cli.command.option.ConfigurationOption;
import dev.patronstream.cli.command.option.ConfiguredFeed;
import dev.patronstream.cli.command.option.DurationConverter;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.run.DeliveryWords;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.SnapshotFailedException;
import dev.patronstream.snapshotter.SnapshotOptions;
import dev.patronstream.snapshotter.Snapshotter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code snapshot}: one dump of a feed now.
 *
 * <p>Taken in this process, whether {@code run} is up on this machine, on another one or not at all: the cut needs the
 * topics only, and the feed's transactional id keeps two deliveries from crossing.
 */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        description = "Delivers a feed now: everything committed in the database up to this moment, and captured.",
        footer = {
            "",
            "Example: patronstream snapshot destiny",
            "         patronstream snapshot destiny --dry-run --output look"
        })
public final class SnapshotCommand implements Callable<Integer> {

    private static final int FAILED = 1;
    private static final int HELD = 3;

    private final Terminal terminal;

    @Mixin
    private final ConfigurationOption configurationOption = new ConfigurationOption();

    @Parameters(paramLabel = "FEED", description = "Name of the feed in the configuration.")
    private String feed = "";

    @Option(names = "--dry-run", description = "Write the files to a folder of this machine; send nothing.")
    private boolean dryRun;

    @Option(names = "--output", paramLabel = "DIR", description = "The folder of a dry run (default: ./FEED-dry-run).")
    private @Nullable Path output;

    @Option(names = "--again", description = "Send the file even if the vendor holds the same one already.")
    private boolean again;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long to wait for the stages before (default: 60s).")
    private Duration wait = Duration.ofSeconds(60);

    public SnapshotCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (output != null && !dryRun) {
            throw new CommandFailedException("--output is the folder of a dry run; add --dry-run, or leave it out", 2);
        }
        Set<Part> parts = dryRun ? EnumSet.of(Part.KAFKA) : EnumSet.of(Part.KAFKA, Part.DELIVERY);
        Configuration configuration = configurationOption.readAndLog(terminal, parts);
        ConfiguredFeed.named(configuration, feed);
        Optional<Path> folder = dryRun
                ? Optional.of((output == null ? Path.of(feed + "-dry-run") : output)
                        .toAbsolutePath()
                        .normalize())
                : Optional.empty();
        District district = new District(configuration, RunningCluster.of(configuration));
        Delivery delivery;
        StopRequest stop = terminal.stop().get();
        try (Snapshotter snapshotter = district.snapshotter(wait)) {
            stop.closing(snapshotter);
            delivery = snapshotter.snapshot(feed, new SnapshotOptions(folder, again));
        } catch (SnapshotFailedException e) {
            throw new CommandFailedException("The snapshot of " + feed + " failed: " + e.getMessage(), e);
        }
        return tell(delivery, folder, configuration);
    }

    private int tell(Delivery delivery, Optional<Path> folder, Configuration configuration) {
        Optional<String> failure = DeliveryWords.failure(delivery);
        if (failure.isPresent()) {
            boolean failed = delivery.getResult() == DeliveryResult.FAILED;
            throw new CommandFailedException(
                    "feeds." + feed + ": " + failure.get()
                            + (folder.isPresent() ? "" : "\n  receipt: " + delivery.getId()),
                    failed ? FAILED : HELD);
        }
        terminal.screen().line(feed + " " + DeliveryWords.line(delivery));
        new TreeMap<>(delivery.getRowsPerSite())
                .forEach((site, rows) -> terminal.screen().line("  " + site + ": " + rows));
        folder.ifPresent(where -> terminal.screen().line("  files: " + where));
        if (folder.isPresent()) {
            DifferenceWords.lines(delivery).forEach(terminal.screen()::line);
            if (!delivery.getHolds().isEmpty()) {
                terminal.screen().line("It would be held, because");
                DifferenceWords.holds(delivery).forEach(terminal.screen()::line);
            }
        } else {
            DeliveryWords.destination(delivery)
                    .ifPresent(where -> terminal.screen().line("  " + where));
            terminal.screen().line("  receipt: " + delivery.getId());
            terminal.screen()
                    .line("  local copy: "
                            + configuration.deliveries().archive().resolve(feed).resolve(delivery.getId()));
        }
        delivery.getMessage().ifPresent(message -> terminal.screen().line("  " + message));
        delivery.getCaptureNews().forEach(news -> terminal.screen().line("  " + news));
        return 0;
    }
}
