package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.cluster.RunningCluster;
import dev.patronstream.cli.command.option.ConfigurationOption;
import dev.patronstream.cli.command.option.ConfiguredFeed;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.time.Instant;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code resume}: takes an order to pause back. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = "Delivers a paused feed again, by its schedule; what the pause skipped is caught up once.",
        footer = {"", "Example: patronstream resume destiny"})
public final class ResumeCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ConfigurationOption configurationOption = new ConfigurationOption();

    @Parameters(paramLabel = "FEED", description = "Name of the feed in the configuration.")
    private String feed = "";

    public ResumeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Configuration configuration = configurationOption.readAndLog(terminal, EnumSet.of(Part.KAFKA));
        FeedSettings settings = ConfiguredFeed.named(configuration, feed);
        new District(configuration, RunningCluster.of(configuration)).pauses().resume(feed);
        terminal.screen()
                .line(settings.safeguards()
                        .pausedUntil(Instant.now())
                        .map(until -> "The order to pause " + feed + " is taken back, and the configuration pauses it"
                                + " until " + until + " all the same.")
                        .orElse("Deliveries of " + feed + " go on."));
        return 0;
    }
}
