package dev.patronstream.cli.command;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.cluster.Instance;
import dev.patronstream.cli.cluster.Instances;
import dev.patronstream.cli.command.option.ConfiguredCommand;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.run.Stage;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.streams.StreamsSettings;
import dev.patronstream.streams.rebuild.Rebuild;
import dev.patronstream.streams.rebuild.RebuildRefusedException;
import dev.patronstream.streams.rebuild.RebuildReport;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rebuild}: replays the contract topics into fresh state. */
@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description = {
            "Makes everything derived again from the captured rows. `audit` compares and changes nothing.",
            "Deletes what is derived (state stores, internal topics, positions, the patron table) and fills it by"
                    + " replaying",
            "the captured rows. Feeds are kept: only what differs is written to them. The services must be",
            "stopped. Killed in the middle, the same command goes on."
        },
        footer = {"", "Example: patronstream rebuild", "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration."})
final class RebuildCommand extends ConfiguredCommand {

    private static final int WRONG_USAGE = 2;

    @Option(names = "--all", description = "Deletes the feeds too, and fills them again: vendors' readers start again.")
    private boolean all;

    @Option(names = "--yes", description = "Deletes without asking.")
    private boolean yes;

    @Option(names = "--details", description = "With topics and offsets.")
    private boolean details;

    RebuildCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Configuration configuration = configuration(Part.KAFKA);
        try {
            return rebuilt(configuration);
        } catch (RebuildRefusedException e) {
            throw new CommandFailedException("rebuild: " + e.getMessage(), e);
        }
    }

    private int rebuilt(Configuration configuration) {
        requireNothingRuns(configuration);
        try (Claims claims = new Claims(configuration);
                Cluster cluster = Cluster.open(configuration);
                Rebuild rebuild = new Rebuild(settings(configuration, cluster.clients()), InstantSource.system())) {
            rebuild.interrupted(all)
                    .ifPresentOrElse(
                            begun -> line("Going on with the rebuild that began at " + begun + "."),
                            () -> ask(rebuild));
            // Not before the question: nobody could end the wait for an answer.
            StopRequest stop = terminal.stop().get();
            ProgressBar bar = new ProgressBar(terminal.screen());
            Optional<RebuildReport> report = rebuild.run(all, bar::show, stop::isRequested);
            bar.end();
            return report.map(this::print)
                    .orElseThrow(() -> new CommandFailedException(
                            "The rebuild was stopped. The same command goes on with it; so does a start of the"
                                    + " services"));
        }
    }

    private void ask(Rebuild rebuild) {
        List<String> deleted = rebuild.deletes(all);
        line("This deletes what is derived from the captured rows, and makes it again from them:");
        (details ? deleted.stream() : summary(deleted)).forEach(what -> line("  " + what));
        List<String> kept = rebuild.keeps(all);
        if (!kept.isEmpty()) {
            line("Kept, and written to only where something differs: " + String.join(", ", kept));
        }
        if (yes) {
            return;
        }
        String answer = terminal.question()
                .apply("Delete and rebuild? Type yes: ")
                .orElseThrow(() -> new CommandFailedException(
                        "rebuild deletes, and there is nobody to ask: add --yes", WRONG_USAGE));
        if (!answer.strip().equalsIgnoreCase("yes")) {
            throw new CommandFailedException("Nothing was deleted.");
        }
    }

    private static Stream<String> summary(List<String> deleted) {
        long internal = deleted.stream()
                .filter(what -> what.startsWith("internal topic"))
                .count();
        return Stream.concat(
                internal == 0 ? Stream.empty() : Stream.of(internal + " internal topics of the streams application"),
                deleted.stream().filter(what -> !what.startsWith("internal topic")));
    }

    private int print(RebuildReport report) {
        line("Rebuilt, as of epoch " + report.epoch() + ":");
        for (RebuildReport.Table table : report.tables()) {
            line(String.format(
                    Locale.ROOT,
                    "  %-28s %,9d people, %,d records written%s",
                    table.topic(),
                    table.entries(),
                    table.written(),
                    table.isCleared() ? " (it was empty)" : ""));
            if (details) {
                line("      end offset before " + table.endBefore() + ", after " + table.endAfter());
            }
        }
        return 0;
    }

    private static StreamsSettings settings(Configuration configuration, ClusterClients clients) {
        return new District(configuration, clients).streamsSettings();
    }

    private static void requireNothingRuns(Configuration configuration) {
        List<Instance> running = new Instances(configuration.installation().directory()).running();
        if (!running.isEmpty()) {
            Instance first = running.get(0);
            throw new CommandFailedException("rebuild needs stopped services, and '" + first.name() + "' (process "
                    + first.pid() + ") runs on " + configuration.installation().directory()
                    + ". Stop it first; `audit` compares while it runs");
        }
    }

    /** Keeps the services of this folder from being started meanwhile. */
    private static final class Claims implements AutoCloseable {

        private final Deque<Instances.Claim> claims = new ArrayDeque<>();

        Claims(Configuration configuration) {
            Instances instances = new Instances(configuration.installation().directory());
            try {
                Stream.concat(
                                Stream.of("run", "rebuild"),
                                Stream.of(Stage.values()).map(Stage::id))
                        .forEach(name -> claims.push(instances.claim(name)));
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }

        @Override
        public void close() {
            while (!claims.isEmpty()) {
                claims.pop().close();
            }
        }
    }
}
