package dev.patronstream.cli.run;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.connector.Connector;
import dev.patronstream.schemas.KafkaAnswers;
import dev.patronstream.schemas.lifecycle.StageThreads;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.snapshotter.notice.DeliveryNotices;
import dev.patronstream.snapshotter.notice.NoticeBoard;
import dev.patronstream.streams.StreamsApp;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
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

    private static final Duration LOOK = Duration.ofMillis(300);

    private final Lifeline lifeline;
    private final Deque<Opened> opened = new ArrayDeque<>();
    private @Nullable Connector connector;
    private volatile @Nullable StreamsApp streamsApp;
    private volatile @Nullable Snapshotter snapshotter;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread starter;

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
        return start(configuration, clients, stages, journal, Optional.empty(), false, new Lifeline());
    }

    /**
     * Starts stages.
     *
     * @param acceptedDatabase a database that the connector moves to as it is
     * @param patient whether what cannot be reached is waited for
     * @param lifeline learns why a stage has given up
     * @throws CommandFailedException if one of them cannot start; those before it are closed again
     */
    public static Running start(
            Configuration configuration,
            ClusterClients clients,
            Set<Stage> stages,
            Journal journal,
            Optional<String> acceptedDatabase,
            boolean patient,
            Lifeline lifeline) {
        Running running = new Running(lifeline);
        try {
            District district = new District(configuration, clients, acceptedDatabase, patient);
            running.openConnector(district, configuration, stages, journal);
            running.openOthers(district, clients, configuration, stages, journal, patient);
        } catch (CommandFailedException e) {
            running.close();
            throw e;
        } catch (RuntimeException | Error e) {
            // Interrupted because it shall stop: what is open is still closed in order.
            var unused = Thread.interrupted();
            running.close();
            throw new CommandFailedException("The start failed. " + ErrorWords.of(e), e);
        }
        return running;
    }

    /**
     * The connector makes the first topics, once it has found the database fit; until then nothing of the district is
     * made. With patience that is waited for on a thread of its own.
     */
    private void openOthers(
            District district,
            ClusterClients clients,
            Configuration configuration,
            Set<Stage> stages,
            Journal journal,
            boolean patient) {
        if (stages.equals(Set.of(Stage.CONNECTOR))) {
            return;
        }
        if (!patient) {
            awaitTopics(configuration, clients, journal);
            openReaders(district, configuration, stages, journal);
            return;
        }
        starter = StageThreads.daemons("start").newThread(() -> {
            try {
                awaitTopics(configuration, clients, journal);
                openReaders(district, configuration, stages, journal);
            } catch (RuntimeException | Error e) {
                if (closing.getCount() > 0) {
                    LOGGER.atError().setCause(e).log("The start failed");
                    lifeline.end(new Ending("The start failed. " + ErrorWords.of(e), Ending.FAILED));
                }
            }
        });
        starter.start();
    }

    private void awaitTopics(Configuration configuration, ClusterClients clients, Journal journal) {
        String first = configuration.topics().progress();
        boolean told = false;
        try (Admin admin = Admin.create(clients.kafkaProperties())) {
            while (!KafkaAnswers.await(admin.listTopics().names()).contains(first)) {
                if (lifeline.ending().isDone() || closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                if (!told) {
                    told = true;
                    journal.alive("Waiting", "for the connector to find the database fit, and to make the topics");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void openConnector(District district, Configuration configuration, Set<Stage> stages, Journal journal) {
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
    }

    private synchronized void openReaders(
            District district, Configuration configuration, Set<Stage> stages, Journal journal) {
        if (closing.getCount() == 0 || lifeline.ending().isDone()) {
            return;
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
    public void close() {
        closing.countDown();
        Thread starting = starter;
        if (starting != null) {
            starting.interrupt();
        }
        closeAll();
    }

    private synchronized void closeAll() {
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
