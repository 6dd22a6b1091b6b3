package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.command.option.FeedCommand;
import dev.patronstream.cli.command.option.WaitOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.explain.Explainer;
import dev.patronstream.cli.reconcile.Reconciler;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reconcile}: what the first delivery would change in Destiny. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description =
                "Compares a feed with an export of Destiny's patrons, before the first delivery. Changes nothing.",
        footer = {"", "Example: patronstream reconcile destiny --destiny-export patrons-of-destiny.csv"})
public final class ReconcileCommand extends FeedCommand {

    @Option(
            names = "--destiny-export",
            required = true,
            paramLabel = "FILE",
            description =
                    "A CSV of Destiny's patrons with a header row: District ID, Barcode, and what else there is of"
                            + " Site Short Name, Last Name, First Name, Patron Type, Status, Homeroom, User Name.")
    private Path export = Path.of("");

    @Option(
            names = "--details",
            paramLabel = "FILE",
            description = "Writes every finding to this file: key and finding, no values.")
    private @Nullable Path details;

    @Mixin
    private final WaitOption wait = new WaitOption();

    public ReconcileCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Configuration configuration = configuration(Part.KAFKA);
        FeedSettings settings = settings(configuration);
        if (!(settings.layout() instanceof DestinyLayoutSettings)) {
            throw new CommandFailedException("feeds." + feed + " has another layout than destiny", 2);
        }
        Explainer.Judged judged =
                new Explainer(configuration, Cluster.running(configuration)).judge(settings, wait.time());
        Reconciler.Result result = Reconciler.compare(judged.file(), export);
        result.lines().forEach(this::line);
        if (details != null) {
            write(details, result);
        }
        return 0;
    }

    private void write(Path file, Reconciler.Result result) {
        try {
            Files.writeString(
                    file,
                    "key,finding\r\n" + String.join("\r\n", result.details())
                            + (result.details().isEmpty() ? "" : "\r\n"));
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The file " + file + " cannot be written (" + e.getMessage() + "); the comparison itself is above",
                    e);
        }
        line("Every finding: " + file);
    }
}
