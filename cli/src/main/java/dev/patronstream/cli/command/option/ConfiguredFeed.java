package dev.patronstream.cli.command.option;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.util.List;

/** A feed that a command line names. */
public final class ConfiguredFeed {

    private ConfiguredFeed() {}

    /**
     * Returns the feed of that name.
     *
     * @throws CommandFailedException with exit code 2 and the names there are, if there is none
     */
    public static FeedSettings named(Configuration configuration, String feed) {
        List<String> feeds = configuration.deliveries().feeds().stream()
                .map(FeedSettings::feed)
                .toList();
        return configuration.deliveries().feeds().stream()
                .filter(candidate -> candidate.feed().equals(feed))
                .findFirst()
                .orElseThrow(() -> new CommandFailedException(
                        "There is no feed '" + feed + "' in "
                                + configuration.installation().file() + "; there "
                                + (feeds.isEmpty() ? "are none" : "are: " + String.join(", ", feeds)),
                        2));
    }
}
