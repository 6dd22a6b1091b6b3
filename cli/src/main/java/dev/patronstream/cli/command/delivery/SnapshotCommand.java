package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.command.option.FeedCommand;
import dev.patronstream.cli.command.option.WaitOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.run.DeliveryWords;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.SnapshotOptions;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.snapshotter.delivery.SnapshotFailedException;
import dev.patronstream.snapshotter.notice.DeliveryListener;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
public final class SnapshotCommand extends FeedCommand {

    private static final int FAILED = 1;
    private static final int HELD = 3;

    @Option(names = "--dry-run", description = "Write the files to a folder of this machine; send nothing.")
    private boolean dryRun;

    @Option(names = "--output", paramLabel = "DIR", description = "The folder of a dry run (default: ./FEED-dry-run).")
    private @Nullable Path output;

    @Option(names = "--again", description = "Send the file even if the vendor holds the same one already.")
    private boolean again;

    @Mixin
    private final WaitOption wait = new WaitOption();

    public SnapshotCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        if (output != null && !dryRun) {
            throw new CommandFailedException("--output is the folder of a dry run; add --dry-run, or leave it out", 2);
        }
        Configuration configuration = dryRun ? configuration(Part.KAFKA) : configuration(Part.KAFKA, Part.DELIVERY);
        settings(configuration);
        Optional<Path> folder = dryRun
                ? Optional.of((output == null ? Path.of(feed + "-dry-run") : output)
                        .toAbsolutePath()
                        .normalize())
                : Optional.empty();
        District district = new District(configuration, Cluster.running(configuration));
        Delivery delivery;
        StopRequest stop = terminal.stop().get();
        try (Snapshotter snapshotter = district.snapshotter(wait.time(), DeliveryListener.none())) {
            stop.closing(snapshotter);
            delivery = snapshotter.snapshot(feed, new SnapshotOptions(folder, again));
        } catch (SnapshotFailedException e) {
            throw new CommandFailedException("The snapshot of " + feed + " failed: " + e.getMessage(), e);
        }
        return print(delivery, folder, configuration);
    }

    private int print(Delivery delivery, Optional<Path> folder, Configuration configuration) {
        Optional<String> failure = DeliveryWords.failure(delivery);
        if (failure.isPresent()) {
            boolean failed = delivery.getResult() == DeliveryResult.FAILED;
            throw new CommandFailedException(
                    "feeds." + feed + ": " + failure.get()
                            + (folder.isPresent() ? "" : "\n  receipt: " + delivery.getId()),
                    failed ? FAILED : HELD);
        }
        line(feed + " " + DeliveryWords.line(delivery));
        new TreeMap<>(delivery.getRowsPerSite()).forEach((site, rows) -> line("  " + site + ": " + rows));
        folder.ifPresent(where -> line("  files: " + where));
        if (folder.isPresent()) {
            DifferenceWords.lines(delivery).forEach(this::line);
            if (!delivery.getHolds().isEmpty()) {
                line("It would be held, because");
                DifferenceWords.holds(delivery).forEach(this::line);
            }
        } else {
            DeliveryWords.destination(delivery).ifPresent(where -> line("  " + where));
            line("  receipt: " + delivery.getId());
            line("  local copy: "
                    + configuration.deliveries().archive().resolve(feed).resolve(delivery.getId()));
        }
        delivery.getMessage().ifPresent(message -> line("  " + message));
        delivery.getCaptureNews().forEach(news -> line("  " + news));
        return 0;
    }
}
