package dev.patronstream.cli.command;

import dev.patronstream.cli.cluster.RunningCluster;
import dev.patronstream.cli.command.option.ConfigurationOption;
import dev.patronstream.cli.command.option.ConfiguredFeed;
import dev.patronstream.cli.command.option.CountConverter;
import dev.patronstream.cli.command.option.DurationConverter;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.explain.Explainer;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.layout.PatronCsv;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.rules.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code problems}: what the rules found in a feed, as it stands now. */
@Command(
        name = "problems",
        mixinStandardHelpOptions = true,
        description = "Lists what the rules found in a feed, as it stands now: keys and fields, never values.",
        footer = {
            "",
            "Example: patronstream problems destiny",
            "         patronstream problems destiny --rule invalid-email --max 500",
            "         patronstream problems destiny --csv > problems.csv"
        })
final class ProblemsCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ConfigurationOption configurationOption = new ConfigurationOption();

    @Parameters(paramLabel = "FEED", description = "Name of the feed in the configuration.")
    private String feed = "";

    @Option(names = "--rule", paramLabel = "RULE", description = "Only this rule, like invalid-email.")
    private @Nullable String rule;

    @Option(
            names = "--max",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "At most so many lines (default: 50).")
    private int max = 50;

    @Option(names = "--csv", description = "All of them as a CSV, as in problems.csv.")
    private boolean csv;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long to wait for the stages before (default: 60s).")
    private Duration wait = Duration.ofSeconds(60);

    ProblemsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Configuration configuration = configurationOption.readAndLog(terminal, EnumSet.of(Part.KAFKA));
        FeedSettings settings = ConfiguredFeed.named(configuration, feed);
        Explainer.Judged judged = new Explainer(configuration, RunningCluster.of(configuration)).judge(settings, wait);
        List<Problem> problems = judged.problems().stream()
                .filter(problem -> rule == null || problem.rule().id().equals(rule))
                .toList();
        if (csv) {
            PatronCsv.problems(problems, terminal.out());
            return 0;
        }
        Map<Rule, Long> counts = new EnumMap<>(Rule.class);
        problems.forEach(problem -> counts.merge(problem.rule(), 1L, Long::sum));
        terminal.screen()
                .line(feed + ": " + judged.cut().size() + " patrons in the feed, " + problems.size()
                        + " lines in the problem report");
        counts.forEach((broken, count) -> terminal.screen()
                .line("  %6d  %-22s %s"
                        .formatted(
                                count,
                                broken.id(),
                                settings.layout()
                                        .layout()
                                        .rules()
                                        .actionOf(broken)
                                        .id())));
        settings.layout().layout().rules().whyHeld(judged.problems()).ifPresent(why -> terminal.screen()
                .line("  The next delivery will be held. " + why));
        if (!problems.isEmpty()) {
            terminal.screen().line("");
        }
        problems.stream().limit(max).forEach(problem -> terminal.screen()
                .line("%-20s %-22s %-18s %s"
                        .formatted(problem.key(), problem.rule().id(), problem.field(), problem.done())));
        if (problems.size() > max) {
            terminal.screen().line("... and " + (problems.size() - max) + " more; --max N or --csv shows them");
        }
        return 0;
    }
}
