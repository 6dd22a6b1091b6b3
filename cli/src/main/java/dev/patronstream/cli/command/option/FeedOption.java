package dev.patronstream.cli.command.option;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Parameters;

/** The parameter FEED with {@code --config}, for every command about one feed. */
public final class FeedOption extends ConfigurationOption {

    @Parameters(index = "0", paramLabel = "FEED", description = "Name of the feed in the configuration.")
    private String feed = "";

    public String name() {
        return feed;
    }

    /** Returns the settings of the feed. */
    public FeedSettings settings(Configuration configuration) {
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
