package dev.patronstream.cli.command;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.cluster.Instances;
import dev.patronstream.cli.command.option.ConfigurationOption;
import dev.patronstream.cli.command.option.ConfiguredCommand;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.run.Disks;
import dev.patronstream.cli.run.Ending;
import dev.patronstream.cli.run.ErrorWords;
import dev.patronstream.cli.run.Lifeline;
import dev.patronstream.cli.run.Running;
import dev.patronstream.cli.run.RunningStatus;
import dev.patronstream.cli.run.Stage;
import dev.patronstream.cli.run.WaitingPage;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.cli.stages.StageBoard;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run}: all stages in one process, or one of them. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs connector, streams application and snapshotter until it is stopped.",
        footer = {
            "",
            "Example: patronstream run --config patronstream.yaml",
            "         patronstream run --only connector",
            "         patronstream run --accept-database DST26000EAGLE"
        })
final class RunCommand extends ConfiguredCommand {

    private static final Logger LOGGER = LoggerFactory.getLogger(RunCommand.class);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(3);

    /** People hear of a start that waits for room after this time. */
    private static final Duration UNTIL_REPORTED = Duration.ofMinutes(5);

    private String waitedFor = "";

    @Option(
            names = "--only",
            paramLabel = "STAGE",
            description = "Only this stage: connector, streams-app or snapshotter. Needs a Kafka that exists.")
    private @Nullable Stage only;

    @Option(
            names = "--accept-database",
            paramLabel = "NAME",
            description = {
                "Moves to this database even if the start would refuse it: because it holds far fewer students than"
                        + " the",
                "one before, or is of an earlier school year."
            })
    private @Nullable String acceptedDatabase;

    @Option(
            names = "--fail-fast",
            description = "Ends at once when Kafka, the registry or the database cannot be reached at the start.")
    private boolean failFast;

    RunCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        Set<Stage> stages = only == null ? EnumSet.allOf(Stage.class) : EnumSet.of(only);
        Configuration configuration = option.read(terminal, parts(stages));
        if (only != null && configuration.kafka().isEmbedded()) {
            throw new CommandFailedException(
                    "kafka.embedded: a broker inside the process cannot be shared by stages in processes of their own."
                            + " Run all stages together, or give kafka.bootstrap-servers and registry.url",
                    2);
        }
        if (only != null && configuration.registry().isEmbedded()) {
            throw new CommandFailedException(
                    "registry: one inside the process cannot be shared by stages in processes of their own, which would"
                            + " each have their own. Run all stages together, or give registry.url",
                    2);
        }
        Progress progress = new Progress(terminal.screen());
        String name = only == null ? "run" : only.id();
        StopRequest stop = terminal.stop().get();
        Start start = new Start();
        stop.closing(start::breakOff);
        try {
            awaitRoom(configuration, stages, stop);
            serve(configuration, stages, name, progress, stop, start);
        } catch (RuntimeException e) {
            // What a stop breaks off has not failed.
            if (!stop.isRequested() || start.isOver()) {
                throw e;
            }
        }
        line("Stopped.");
        return 0;
    }

    private void serve(
            Configuration configuration,
            Set<Stage> stages,
            String name,
            Progress progress,
            StopRequest stop,
            Start start)
            throws InterruptedException {
        try (Lifeline lifeline = Lifeline.watch(Disks.of(configuration));
                Instances.Claim claim =
                        new Instances(configuration.installation().directory()).claim(name)) {
            Consumer<Ending> alert = why -> Running.reportThatItDidNotStart(configuration, stages, why.message());
            lifeline.lastWord(alert);
            // What dies meanwhile ends the start as well, which may be waiting for something else.
            CompletableFuture<Void> unused = lifeline.ending().thenRun(start::breakOff);
            try {
                serve(configuration, stages, progress, stop, start, lifeline, claim);
            } catch (RuntimeException | Error e) {
                String words = e instanceof Error ? ErrorWords.of(e) : String.valueOf(e.getMessage());
                String why = Disks.of(configuration).why(words, e);
                if (!start.isOver() && !stop.isRequested()) {
                    // Telling must not be broken off.
                    start.over();
                    Optional<Ending> died =
                            Optional.ofNullable(lifeline.ending().getNow(null));
                    alert.accept(died.orElseGet(() -> new Ending(why, Ending.FAILED)));
                    if (died.isPresent()) {
                        throw died.get().exception();
                    }
                }
                if (!why.equals(words)) {
                    throw new CommandFailedException(why, e);
                }
                throw e;
            }
        }
    }

    private void serve(
            Configuration configuration,
            Set<Stage> stages,
            Progress progress,
            StopRequest stop,
            Start start,
            Lifeline lifeline,
            Instances.Claim claim)
            throws InterruptedException {
        try (WaitingPage waiting = new WaitingPage(configuration, Optional.of(claim));
                Cluster cluster = Cluster.open(configuration, failure -> asksAgain(failure, stop, waiting));
                StageBoard board = cluster.openBoard()) {
            waiting.close();
            progress.alive("Kafka", cluster.addresses().bootstrapServers());
            progress.alive("Schema registry", cluster.addresses().registryUrl());
            try (Running running = Running.start(
                            new District(
                                    configuration, cluster.clients(), Optional.ofNullable(acceptedDatabase), !failFast),
                            board,
                            stages,
                            progress,
                            lifeline);
                    RunningStatus status = new RunningStatus(configuration, running, board, cluster)) {
                claim.announce(cluster.addresses(), status.url());
                start.over();
                progress.alive("Status page", status.url());
                if (!lifeline.ending().isDone()) {
                    line("Running; Ctrl-C stops. Log: "
                            + configuration.installation().logs().resolve("patronstream.log"));
                }
                CompletableFuture<Void> unused = lifeline.ending().thenRun(stop::request);
                stop.await();
                Optional<Ending> ending = Optional.ofNullable(lifeline.ending().getNow(null));
                if (ending.isPresent()) {
                    throw ending.get().exception();
                }
                line("Stopping ...");
            }
        }
    }

    /** What begins on a full disk breaks off in the middle, so that it is waited for before anything is begun. */
    private void awaitRoom(Configuration configuration, Set<Stage> stages, StopRequest stop) {
        Disks disks = Disks.of(configuration);
        if (failFast) {
            disks.requireRoom();
        }
        Optional<Disks.Disk> lacking = disks.lacking();
        if (lacking.isEmpty()) {
            ConfigurationOption.logOfService(terminal, configuration);
            return;
        }
        try {
            ConfigurationOption.logOfService(terminal, configuration);
        } catch (UncheckedIOException e) {
            // Often the log lies on the disk that is full.
        }
        try (WaitingPage waiting = new WaitingPage(configuration, Optional.empty())) {
            long start = System.nanoTime();
            boolean reported = false;
            while (lacking.isPresent()) {
                Disks.Disk disk = lacking.get();
                String words = "Waiting for " + disk.waiting();
                if (!reported && System.nanoTime() - start > UNTIL_REPORTED.toNanos()) {
                    Running.reportThatItDidNotStart(configuration, stages, words);
                    reported = true;
                }
                if (!waits(disk.folder().toString(), words, words, stop, waiting)) {
                    throw new CommandFailedException("Stopped while it waited for room");
                }
                lacking = disks.lacking();
            }
        }
        // Again, in the file that could not be written.
        ConfigurationOption.logOfService(terminal, configuration);
        line("There is room; starting.");
        LOGGER.atInfo().addKeyValue("folder", waitedFor).log("The start has waited for room");
    }

    /** A site's servers come up in any order after a loss of power. */
    private boolean asksAgain(CommandFailedException failure, StopRequest stop, WaitingPage waiting) {
        if (failFast || stop.isRequested()) {
            return false;
        }
        String reason = String.valueOf(failure.getMessage());
        return waits(reason, reason, "Waiting, and asking again every few seconds: " + reason, stop, waiting);
    }

    /** Waits a while; says so when it is for something else than before. */
    private boolean waits(String what, String reason, String line, StopRequest stop, WaitingPage waiting) {
        Optional<String> page = waiting.waitsFor(reason);
        if (!what.equals(waitedFor)) {
            waitedFor = what;
            line(line + page.map(url -> ". Status page " + url).orElse(""));
            LOGGER.atInfo().addKeyValue("reason", reason).log("The start waits");
        }
        try {
            return !stop.await(BETWEEN_QUESTIONS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** The thread that starts, which may be interrupted as long as it does. */
    private static final class Start {

        private @Nullable Thread thread = Thread.currentThread();

        synchronized void breakOff() {
            if (thread != null) {
                thread.interrupt();
            }
        }

        synchronized void over() {
            thread = null;
            // What was asked for at the last moment is seen to by who waits for the end.
            var unused = Thread.interrupted();
        }

        synchronized boolean isOver() {
            return thread == null;
        }
    }

    private static Set<Part> parts(Set<Stage> stages) {
        Set<Part> parts = EnumSet.of(Part.KAFKA);
        if (stages.contains(Stage.CONNECTOR)) {
            parts.add(Part.DATABASE);
        }
        if (stages.contains(Stage.SNAPSHOTTER)) {
            parts.add(Part.DELIVERY);
        }
        return parts;
    }
}
