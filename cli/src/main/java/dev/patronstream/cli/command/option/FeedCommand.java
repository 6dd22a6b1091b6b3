package dev.patronstream.cli.command.option;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Parameters;

/** A command about one feed. */
public abstract class FeedCommand extends ConfiguredCommand {

    @Parameters(index = "0", paramLabel = "FEED", description = "Name of the feed in the configuration.")
    protected String feed = "";

    protected FeedCommand(Terminal terminal) {
        super(terminal);
    }

    /** Returns the settings of the feed. */
    protected final FeedSettings settings(Configuration configuration) {
        return named(configuration, feed);
    }

    /**
     * Returns the feed of that name.
     *
     * @throws CommandFailedException with exit code 2 and the names there are, if there is none
     */
    public static FeedSettings named(Configuration configuration, String feed) {
        List<FeedSettings> feeds = configuration.deliveries().feeds();
        return feeds.stream()
                .filter(candidate -> candidate.feed().equals(feed))
                .findFirst()
                .orElseThrow(() -> new CommandFailedException(
                        "There is no feed '" + feed + "' in "
                                + configuration.installation().file() + "; there "
                                + (feeds.isEmpty()
                                        ? "are none"
                                        : "are: "
                                                + feeds.stream()
                                                        .map(FeedSettings::feed)
                                                        .collect(Collectors.joining(", "))),
                        2));
    }
}
