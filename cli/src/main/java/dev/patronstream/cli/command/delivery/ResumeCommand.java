package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.command.option.FeedCommand;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.time.Instant;
import picocli.CommandLine.Command;

/** {@code resume}: takes an order to pause back. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = "Delivers a paused feed again, by its schedule; what the pause skipped is caught up once.",
        footer = {"", "Example: patronstream resume destiny"})
public final class ResumeCommand extends FeedCommand {

    public ResumeCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Configuration configuration = configuration(Part.KAFKA);
        FeedSettings settings = settings(configuration);
        new District(configuration, Cluster.running(configuration)).pauses().resume(feed);
        line(settings.safeguards()
                .pausedUntil(Instant.now())
                .map(until -> "The order to pause " + feed + " is taken back, and the configuration pauses it"
                        + " until " + until + " all the same.")
                .orElse("Deliveries of " + feed + " go on."));
        return 0;
    }
}
