package dev.patronstream.cli.run;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.connector.Connector;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.snapshotter.notice.DeliveryNotices;
import dev.patronstream.snapshotter.notice.NoticeBoard;
import dev.patronstream.streams.StreamsApp;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stages of a district, running in this process: started in the order of a row's way, closed in reverse.
 *
 * <p>A stage that gives up completes {@link #failure()}. Thread-safe.
 */
public final class Running implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Running.class);

    private final Lifeline lifeline;
    private final Deque<Opened> opened = new ArrayDeque<>();
    private @Nullable Connector connector;
    private @Nullable StreamsApp streamsApp;
    private @Nullable Snapshotter snapshotter;

    private Running(Lifeline lifeline) {
        this.lifeline = lifeline;
    }

    private record Opened(String what, AutoCloseable part) {}

    /**
     * Starts stages.
     *
     * @throws CommandFailedException if one of them cannot start; those before it are closed again
     */
    public static Running start(
            Configuration configuration, ClusterClients clients, Set<Stage> stages, Journal journal) {
        return start(configuration, clients, stages, journal, Optional.empty(), new Lifeline());
    }

    /**
     * Starts stages.
     *
     * @param acceptedDatabase a database that the connector moves to as it is
     * @param lifeline learns why a stage has given up
     * @throws CommandFailedException if one of them cannot start; those before it are closed again
     */
    public static Running start(
            Configuration configuration,
            ClusterClients clients,
            Set<Stage> stages,
            Journal journal,
            Optional<String> acceptedDatabase,
            Lifeline lifeline) {
        Running running = new Running(lifeline);
        try {
            District district = new District(configuration, clients, acceptedDatabase);
            running.open(district, configuration, stages, journal);
        } catch (CommandFailedException e) {
            running.close();
            throw e;
        } catch (RuntimeException | Error e) {
            running.close();
            throw new CommandFailedException("The start failed. " + ErrorWords.of(e), e);
        }
        return running;
    }

    private void open(District district, Configuration configuration, Set<Stage> stages, Journal journal) {
        if (stages.contains(Stage.CONNECTOR)) {
            Connector stage = open("connector", district.connector());
            connector = stage;
            var unused = stage.completion().whenComplete((none, error) -> {
                if (error != null) {
                    lifeline.end(FailureText.ofConnector(configuration, error));
                }
            });
            stage.start();
            journal.alive("Connector", "captures " + configuration.database().address());
        }
        if (stages.contains(Stage.STREAMS_APP)) {
            StreamsApp stage = open("streams-app", district.streamsApp());
            streamsApp = stage;
            var unused = stage.failure().whenComplete((none, error) -> {
                if (error != null) {
                    lifeline.end(new Ending("streams-app: " + ErrorWords.of(error), Ending.FAILED));
                }
            });
            stage.start();
            journal.alive(
                    "Streams application",
                    "keeps " + configuration.topics().patrons() + " and "
                            + configuration.feeds().size()
                            + (configuration.feeds().size() == 1 ? " feed" : " feeds"));
        }
        if (stages.contains(Stage.SNAPSHOTTER)) {
            NoticeBoard board = open(
                    "notices",
                    new NoticeBoard(
                            configuration.district(),
                            configuration.notices().channels(),
                            configuration.directory().resolve("notices.json"),
                            InstantSource.system()));
            Snapshotter stage = open("snapshotter", district.snapshotter(new DeliveryNotices(board)));
            snapshotter = stage;
            stage.start();
            journal.alive(
                    "Snapshotter",
                    configuration.feeds().isEmpty()
                            ? "has no feed to deliver"
                            : "delivers "
                                    + configuration.feeds().stream()
                                            .map(feed -> feed.feed())
                                            .collect(Collectors.joining(", ")));
        }
    }

    private <T extends AutoCloseable> T open(String what, T part) {
        opened.push(new Opened(what, part));
        return part;
    }

    /** Completes when a stage has given up. */
    public CompletableFuture<Ending> failure() {
        return lifeline.ending();
    }

    /** Returns the connector, if it runs here. */
    public Optional<Connector> connector() {
        return Optional.ofNullable(connector);
    }

    /** Returns the streams application, if it runs here. */
    public Optional<StreamsApp> streamsApp() {
        return Optional.ofNullable(streamsApp);
    }

    /** Returns the snapshotter, if it runs here. */
    public Optional<Snapshotter> snapshotter() {
        return Optional.ofNullable(snapshotter);
    }

    /** Stops every stage; one that does not stop cleanly does not keep the others from being stopped. */
    @Override
    public synchronized void close() {
        while (!opened.isEmpty()) {
            Opened next = opened.pop();
            try {
                next.part().close();
            } catch (Exception e) {
                LOGGER.atWarn().addKeyValue("stage", next.what()).setCause(e).log("A stage did not stop cleanly");
            }
        }
    }
}
