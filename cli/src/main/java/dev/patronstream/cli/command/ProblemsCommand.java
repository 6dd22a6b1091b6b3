package dev.patronstream.cli.command;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.command.option.CountConverter;
import dev.patronstream.cli.command.option.FeedCommand;
import dev.patronstream.cli.command.option.WaitOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.explain.Explainer;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.layout.PatronCsv;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.Rules;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
final class ProblemsCommand extends FeedCommand {

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

    @Mixin
    private final WaitOption wait = new WaitOption();

    ProblemsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        Configuration configuration = configuration(Part.KAFKA);
        FeedSettings settings = settings(configuration);
        Explainer.Judged judged =
                new Explainer(configuration, Cluster.running(configuration)).judge(settings, wait.time());
        List<Problem> problems = judged.problems().stream()
                .filter(problem -> rule == null || problem.rule().id().equals(rule))
                .toList();
        if (csv) {
            PatronCsv.problems(problems, terminal.out());
            return 0;
        }
        Map<Rule, Long> counts = new EnumMap<>(Rule.class);
        problems.forEach(problem -> counts.merge(problem.rule(), 1L, Long::sum));
        line(feed + ": " + judged.cut().size() + " patrons in the feed, " + problems.size()
                + " lines in the problem report");
        Rules rules = settings.layout().layout().rules();
        counts.forEach((broken, count) -> line("  %6d  %-22s %s"
                .formatted(count, broken.id(), rules.actionOf(broken).id())));
        rules.whyHeld(judged.problems()).ifPresent(why -> line("  The next delivery will be held. " + why));
        if (!problems.isEmpty()) {
            line("");
        }
        problems.stream()
                .limit(max)
                .forEach(problem -> line("%-20s %-22s %-18s %s"
                        .formatted(problem.key(), problem.rule().id(), problem.field(), problem.done())));
        if (problems.size() > max) {
            line("... and " + (problems.size() - max) + " more; --max N or --csv shows them");
        }
        return 0;
    }
}
