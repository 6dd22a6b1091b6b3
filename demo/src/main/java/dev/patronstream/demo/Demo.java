package dev.patronstream.demo;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.Instances;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.run.DeliveryWords;
import dev.patronstream.cli.run.Disks;
import dev.patronstream.cli.run.Ending;
import dev.patronstream.cli.run.Journal;
import dev.patronstream.cli.run.Lifeline;
import dev.patronstream.cli.run.Running;
import dev.patronstream.cli.run.RunningStatus;
import dev.patronstream.cli.run.Stage;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Screen;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.stages.StageBoard;
import dev.patronstream.connector.Connector;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.life.Life;
import dev.patronstream.sandbox.life.LifeSettings;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.Progress;
import dev.patronstream.snapshotter.SnapshotOptions;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.snapshotter.delivery.SnapshotFailedException;
import dev.patronstream.streams.StreamsApp;
import dev.patronstream.streams.StreamsStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Tells the story of the demo: stages come alive, changes flow, files arrive. Runs on one thread. */
final class Demo {

    private static final String FEED = "destiny";
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration LINE_ON_TERMINAL = Duration.ofSeconds(1);
    private static final Duration LINE_IN_FILE = Duration.ofSeconds(5);
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(30);

    private final DemoSettings settings;
    private final Configuration configuration;
    private final Sandbox sandbox;
    private final Screen screen;
    private final Journal journal;
    private final StopRequest stop;
    private final Disks disks;

    /** Makes a demo over a sandbox that has started. */
    public Demo(
            DemoSettings settings,
            Configuration configuration,
            Sandbox sandbox,
            Screen screen,
            Journal journal,
            StopRequest stop,
            Disks disks) {
        this.settings = settings;
        this.configuration = configuration;
        this.sandbox = sandbox;
        this.screen = screen;
        this.journal = journal;
        this.stop = stop;
        this.disks = disks;
    }

    /**
     * Runs until the time is over or a stop is asked for.
     *
     * @return the last delivery; empty when it was stopped before the first one
     * @throws CommandFailedException if a stage gives up, or the last delivery fails
     */
    public Optional<Delivery> run() throws InterruptedException {
        try (Lifeline lifeline = Lifeline.watch(disks);
                Instances.Claim claim =
                        new Instances(configuration.installation().directory()).claim("run");
                Cluster cluster = Cluster.open(configuration);
                StageBoard board = cluster.openBoard();
                Running running = Running.start(
                        new dev.patronstream.cli.cluster.District(configuration, cluster.clients()),
                        board,
                        EnumSet.allOf(Stage.class),
                        journal,
                        lifeline);
                RunningStatus status = new RunningStatus(configuration, running, board, cluster)) {
            claim.announce(cluster.addresses(), status.url());
            journal.alive("Status page", status.url());
            return show(
                    running,
                    running.connector().orElseThrow(),
                    running.streamsApp().orElseThrow(),
                    running.snapshotter().orElseThrow());
        }
    }

    private Optional<Delivery> show(Running running, Connector connector, StreamsApp streams, Snapshotter snapshotter)
            throws InterruptedException {
        if (!await(running, () -> streams.status().applied().isPresent())) {
            return Optional.empty();
        }
        StreamsStatus first = streams.status();
        journal.alive(
                "Patron table",
                first.patrons() + " patrons, " + first.feedEntries().getOrDefault(FEED, 0L) + " of them in the feed "
                        + FEED);
        Delivery last = deliver(snapshotter);
        journal.alive("First delivery", DeliveryWords.line(last));
        screen.line("          "
                + (isHeld(last) ? words(last) : sandbox.sftpFolder().resolve(last.getFileName())));
        screen.line("");
        Optional<RowStory> story = RowStory.begin(sandbox, streams);
        story.ifPresent(row -> row.sql().forEach(screen::line));
        Instant began = Instant.now();
        LifeSettings offices =
                LifeSettings.usual(began.getEpochSecond(), settings.changesPerSecond(), District.today());
        try (Life life = Life.start(offices, sandbox::connect, event -> {})) {
            last = live(running, connector, streams, snapshotter, life, story, last);
        }
        if (stop.isRequested()) {
            requireNoFailure(running);
            screen.line("Stopping; nothing is lost, the next run on this folder goes on from here.");
            return Optional.of(last);
        }
        Instant end = Instant.now();
        screen.line("The changes have ended; waiting until all of them are in the feed ...");
        Instant latest = end.plus(PATIENCE_AT_END);
        await(running, () -> isFresh(streams, end) || Instant.now().isAfter(latest));
        if (!isFresh(streams, end)) {
            screen.line("Not all of them are in after " + PATIENCE_AT_END.toSeconds()
                    + " s; the file holds the state before. The log says what is slow.");
        }
        last = deliver(snapshotter);
        new DemoSummary(configuration, sandbox, snapshotter).lines(last).forEach(screen::line);
        return Optional.of(last);
    }

    /** Shows the live line and delivers every few seconds, until the time is over. */
    private Delivery live(
            Running running,
            Connector connector,
            StreamsApp streams,
            Snapshotter snapshotter,
            Life life,
            Optional<RowStory> story,
            Delivery firstDelivery)
            throws InterruptedException {
        Instant began = Instant.now();
        Optional<Instant> end = settings.time().map(began::plus);
        Duration lineEvery = screen.isTerminal() ? LINE_ON_TERMINAL : LINE_IN_FILE;
        Instant nextLine = began.plus(lineEvery);
        Instant nextDelivery = began.plus(settings.deliveryPeriod());
        Optional<RowStory> toTell = story;
        Delivery last = firstDelivery;
        CompletableFuture<Delivery> delivering = CompletableFuture.completedFuture(last);
        while (!stop.await(TICK)) {
            requireNoFailure(running);
            life.failure().ifPresent(failure -> {
                throw new CommandFailedException(
                        "The demo's changes have ended: the database refused one of them (error "
                                + failure.getErrorCode() + ")",
                        failure);
            });
            Instant now = Instant.now();
            if (toTell.isPresent() && toTell.get().hasArrived(streams)) {
                toTell.get().arrival(configuration).forEach(screen::line);
                toTell = Optional.empty();
            }
            if (delivering.isDone()) {
                last = join(delivering);
                if (!now.isBefore(nextDelivery)) {
                    delivering = CompletableFuture.supplyAsync(() -> deliver(snapshotter));
                    nextDelivery = now.plus(settings.deliveryPeriod());
                }
            }
            if (!now.isBefore(nextLine)) {
                screen.live(LiveLine.of(connector.status(), streams.status(), life.total(), last, now));
                nextLine = now.plus(lineEvery);
            }
            if (end.isPresent() && now.isAfter(end.get())) {
                break;
            }
        }
        screen.endLive();
        return join(delivering);
    }

    private static Delivery join(CompletableFuture<Delivery> delivering) {
        try {
            return delivering.join();
        } catch (java.util.concurrent.CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** A file that is held for a person is part of what there is to see. */
    private static Delivery deliver(Snapshotter snapshotter) {
        try {
            Delivery delivery = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            if (delivery.getResult() == DeliveryResult.FAILED) {
                throw new CommandFailedException("feeds." + FEED + ": " + words(delivery));
            }
            return delivery;
        } catch (SnapshotFailedException e) {
            throw new CommandFailedException("The delivery of " + FEED + " failed: " + e.getMessage(), e);
        }
    }

    static boolean isHeld(Delivery delivery) {
        return delivery.getResult() == DeliveryResult.HELD || delivery.getResult() == DeliveryResult.REJECTED;
    }

    static String words(Delivery delivery) {
        return DeliveryWords.failure(delivery).orElse("");
    }

    private static boolean isFresh(StreamsApp streams, Instant end) {
        return streams.status()
                .applied()
                .flatMap(Progress::getFreshAsOf)
                .filter(fresh -> fresh.isAfter(end))
                .isPresent();
    }

    /** Waits for a condition; false when a stop was asked for before. */
    private boolean await(Running running, BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            requireNoFailure(running);
            if (stop.await(TICK)) {
                return false;
            }
        }
        return true;
    }

    private static void requireNoFailure(Running running) {
        Ending failure = running.failure().getNow(null);
        if (failure != null) {
            throw failure.exception();
        }
    }
}
