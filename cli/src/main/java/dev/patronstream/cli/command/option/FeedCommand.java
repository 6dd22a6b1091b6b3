package dev.patronstream.cli.command.option;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.snapshotter.feed.FeedSettings;
import picocli.CommandLine.Parameters;

/** A command about one feed. */
public abstract class FeedCommand extends ConfiguredCommand {

    @Parameters(index = "0", paramLabel = "FEED", description = "Name of the feed in the configuration.")
    protected String feed = "";

    protected FeedCommand(Terminal terminal) {
        super(terminal);
    }

    /** Returns the settings of the feed; a name that there is not ends the command. */
    protected final FeedSettings settings(Configuration configuration) {
        return ConfiguredFeed.named(configuration, feed);
    }
}
