package dev.patronstream.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.command.option.Converters;
import dev.patronstream.cli.command.option.FeedOption;
import dev.patronstream.cli.command.option.JsonOption;
import dev.patronstream.cli.command.option.WaitOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.explain.Explainer;
import dev.patronstream.cli.reconcile.Reconciler;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.layout.PatronCsv;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that look at a feed and change nothing. */
@Command
final class FeedQuestions {

    private static final Pattern PERSON = Pattern.compile("(?:(student|staff)/)?(-?[0-9]{1,10})");

    private final Terminal terminal;

    FeedQuestions(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "explain",
            mixinStandardHelpOptions = true,
            description = {
                "Says why a person is in a feed or not, and what became of each value.",
                "Which enrollment won by which step, what each column became from which source, which rules fired, and"
                        + " which",
                "delivery last carried the person. Prints private values."
            },
            footer = {
                "",
                "Example: patronstream explain destiny 99400001",
                "         patronstream explain destiny staff/1203"
            })
    int explain(
            @Mixin FeedOption feed,
            @Parameters(
                            index = "1",
                            paramLabel = "ID",
                            description = "Student ID or staff ID; student/ID or staff/ID where both have it.")
                    String person,
            @Mixin JsonOption json,
            @Mixin WaitOption wait) {
        Matcher parts = PERSON.matcher(person);
        if (!parts.matches() || !isId(parts.group(2))) {
            throw new CommandFailedException(
                    "'" + person + "' is not the ID of a person; write 99400001, student/99400001 or staff/1203", 2);
        }
        Optional<PatronKind> kind = Optional.ofNullable(parts.group(1))
                .map(word -> word.equals("staff") ? PatronKind.STAFF : PatronKind.STUDENT);
        Configuration configuration = feed.readAndLog(terminal, Part.KAFKA);
        FeedSettings settings = feed.settings(configuration);
        List<String> lines = new Explainer(configuration, Cluster.begun(configuration))
                .explain(settings, kind, Integer.parseInt(parts.group(2)), wait.time());
        if (json.isAsked()) {
            JsonOption.print(
                    terminal,
                    document ->
                            JsonOption.put(document.put("feed", feed.name()).put("person", person), "lines", lines));
        } else {
            lines.forEach(terminal::line);
        }
        return 0;
    }

    /** Whether it is a number of Aeries' type for IDs; those of 0 and below are reported as none, so they can be asked for. */
    private static boolean isId(String number) {
        long id = Long.parseLong(number);
        return id == (int) id;
    }

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
    int problems(
            @Mixin FeedOption feed,
            @Option(names = "--rule", paramLabel = "RULE", description = "Only this rule, like invalid-email.")
                    @Nullable
                    String rule,
            @Option(
                            names = "--max",
                            paramLabel = "N",
                            converter = Converters.Count.class,
                            defaultValue = "50",
                            description = "At most so many lines (default: 50).")
                    int max,
            @Option(names = "--csv", description = "All of them as a CSV, as in problems.csv.") boolean csv,
            @Mixin JsonOption json,
            @Mixin WaitOption wait)
            throws IOException {
        Configuration configuration = feed.readAndLog(terminal, Part.KAFKA);
        FeedSettings settings = feed.settings(configuration);
        Explainer.Judged judged =
                new Explainer(configuration, Cluster.begun(configuration)).judge(settings, wait.time());
        List<Problem> problems = judged.problems().stream()
                .filter(problem -> rule == null || problem.rule().id().equals(rule))
                .toList();
        if (csv) {
            PatronCsv.problems(problems, terminal.out());
            return 0;
        }
        if (json.isAsked()) {
            JsonOption.print(terminal, document -> {
                document.put("feed", feed.name())
                        .put("patrons", judged.cut().size())
                        .put("count", problems.size());
                ArrayNode all = document.putArray("problems");
                problems.forEach(problem -> all.addObject()
                        .put("key", problem.key())
                        .put("rule", problem.rule().id())
                        .put("field", problem.field())
                        .put("done", problem.done()));
            });
            return 0;
        }
        Map<Rule, Long> counts = new EnumMap<>(Rule.class);
        problems.forEach(problem -> counts.merge(problem.rule(), 1L, Long::sum));
        terminal.line(feed.name() + ": " + judged.cut().size() + " patrons in the feed, " + problems.size()
                + " lines in the problem report");
        Rules rules = settings.layout().layout().rules();
        counts.forEach((broken, count) -> terminal.line("  %6d  %-22s %s"
                .formatted(count, broken.id(), rules.actionOf(broken).id())));
        rules.whyHeld(judged.problems()).ifPresent(why -> terminal.line("  The next delivery will be held. " + why));
        if (!problems.isEmpty()) {
            terminal.line("");
        }
        problems.stream()
                .limit(max)
                .forEach(problem -> terminal.line("%-20s %-22s %-18s %s"
                        .formatted(problem.key(), problem.rule().id(), problem.field(), problem.done())));
        if (problems.size() > max) {
            terminal.line("... and " + (problems.size() - max) + " more; --max N or --csv shows them");
        }
        return 0;
    }

    @Command(
            name = "reconcile",
            mixinStandardHelpOptions = true,
            description =
                    "Compares a feed with an export of Destiny's patrons, before the first delivery. Changes nothing.",
            footer = {"", "Example: patronstream reconcile destiny --destiny-export patrons-of-destiny.csv"})
    int reconcile(
            @Mixin FeedOption feed,
            @Option(
                            names = "--destiny-export",
                            required = true,
                            paramLabel = "FILE",
                            converter = Converters.File.class,
                            description =
                                    "A CSV of Destiny's patrons with a header row: District ID, Barcode, and what else"
                                            + " there is of Site Short Name, Last Name, First Name, Patron Type, Status,"
                                            + " Homeroom, User Name.")
                    Path export,
            @Option(
                            names = "--details",
                            paramLabel = "FILE",
                            converter = Converters.File.class,
                            description = "Writes every finding to this file: key and finding, no values.")
                    @Nullable
                    Path details,
            @Mixin JsonOption json,
            @Mixin WaitOption wait) {
        Configuration configuration = feed.readAndLog(terminal, Part.KAFKA);
        FeedSettings settings = feed.settings(configuration);
        if (!(settings.layout() instanceof DestinyLayoutSettings)) {
            throw new CommandFailedException("feeds." + feed.name() + " has another layout than destiny", 2);
        }
        Reconciler reconciler = Reconciler.with(export);
        Explainer.Judged judged =
                new Explainer(configuration, Cluster.begun(configuration)).judge(settings, wait.time());
        Reconciler.Result result = reconciler.compare(judged.file());
        if (json.isAsked()) {
            JsonOption.print(terminal, document -> {
                document.put("feed", feed.name());
                JsonOption.put(document, "lines", result.lines());
                JsonOption.put(document, "findings", result.details());
            });
        } else {
            result.lines().forEach(terminal::line);
        }
        if (details != null) {
            write(details, result);
            if (!json.isAsked()) {
                terminal.line("Every finding: " + details);
            }
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
    }

    @Command(
            name = "preview",
            mixinStandardHelpOptions = true,
            description = {
                "Holds a feed against another database, before the yearly switch to it, or against a changed"
                        + " configuration:",
                "per school who stays, moves, is new, leaves and changes grade. Reads only; neither the other database nor"
                        + " a new",
                "column needs change data capture yet."
            },
            footer = {
                "",
                "Example: patronstream preview destiny --database DST27000EAGLE",
                "         patronstream preview destiny --with changed.yaml --keys"
            })
    int preview(
            @Mixin FeedOption feed,
            @Option(
                            names = "--database",
                            paramLabel = "NAME",
                            description =
                                    "The other database, on the configured server and read by the configured login.")
                    @Nullable
                    String database,
            @Option(
                            names = "--with",
                            paramLabel = "FILE",
                            description =
                                    "The changed configuration, whole: a copy of the present one in the same folder, in"
                                            + " which the feed is another one. Alone, both are held against the rows of"
                                            + " the configured database.")
                    @Nullable
                    Path with,
            @Option(names = "--keys", description = "Also a line for everybody who moves, is new or leaves.")
                    boolean keys,
            @Mixin JsonOption json,
            @Mixin WaitOption wait) {
        if (database == null && with == null) {
            throw new CommandFailedException(
                    "preview needs --database NAME, --with FILE, or both: what to hold the feed against", 2);
        }
        Configuration configuration = feed.readAndLog(
                terminal, database == null ? EnumSet.of(Part.DATABASE) : EnumSet.of(Part.DATABASE, Part.KAFKA));
        Configuration changed = with == null
                ? configuration
                : ConfigurationReader.read(with, terminal.environment(), EnumSet.of(Part.DATABASE));
        Previews previews = new Previews(feed.name(), configuration, changed);
        Previews.Made made = database == null ? previews.ofConfiguration() : previews.ofDatabase(database, wait.time());
        if (json.isAsked()) {
            JsonOption.print(terminal, document -> made.fill(document.put("feed", feed.name()), keys));
        } else {
            made.lines(keys).forEach(terminal::line);
        }
        return 0;
    }
}
