package dev.patronstream.cli.command;

import dev.patronstream.cli.command.option.ConfigurationOption;
import dev.patronstream.cli.command.option.FeedOption;
import dev.patronstream.cli.command.option.JsonOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.cli.sheet.FeedSheets;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The command {@code feeds}. */
@Command(
        name = "feeds",
        mixinStandardHelpOptions = true,
        description = {
            "Shows per feed who is in it, which fields it carries, to whom they go and how fresh they are: the sheet"
                    + " that",
            "a district's privacy officer signs. Works without Kafka, but for readers and freshness. Changes nothing."
        },
        footer = {"", "Example: patronstream feeds", "         patronstream feeds destiny"})
final class FeedsCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private ConfigurationOption option = new ConfigurationOption();

    @Parameters(index = "0", arity = "0..1", paramLabel = "FEED", description = "Only this feed (default: all).")
    private @Nullable String only;

    @Mixin
    private JsonOption json = new JsonOption();

    FeedsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Configuration configuration = option.readAndLog(terminal, Part.KAFKA);
        List<FeedSettings> feeds =
                only == null ? configuration.deliveries().feeds() : List.of(FeedOption.named(configuration, only));
        if (json.isAsked()) {
            JsonOption.print(
                    terminal,
                    document -> feeds.forEach(
                            feed -> JsonOption.put(document, feed.feed(), FeedSheets.lines(configuration, feed))));
            return 0;
        }
        List<String> lines = new ArrayList<>();
        for (FeedSettings feed : feeds) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.addAll(FeedSheets.lines(configuration, feed));
        }
        lines.forEach(terminal::line);
        return 0;
    }
}
