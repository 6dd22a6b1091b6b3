package dev.patronstream.cli.run;

import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.stages.StageAlerts;
import dev.patronstream.cli.stages.StageBoard;
import dev.patronstream.cli.stages.StageReports;
import dev.patronstream.cli.web.DailySummary;
import dev.patronstream.connector.Connector;
import dev.patronstream.schemas.Lead;
import dev.patronstream.schemas.StageState;
import dev.patronstream.schemas.lifecycle.StageThreads;
import dev.patronstream.schemas.topic.ForeignRecords;
import dev.patronstream.schemas.topic.KafkaAnswers;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.snapshotter.notice.DeliveryNotices;
import dev.patronstream.snapshotter.notice.NoticeBoard;
import dev.patronstream.streams.StreamsApp;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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

    private static final String FOR_TOPICS = "for the connector to find the database fit, and to make the topics";
    private static final Duration LOOK = Duration.ofMillis(300);

    private final District district;
    private final Configuration configuration;
    private final Set<Stage> stages;
    private final Journal journal;
    private final Lifeline lifeline;
    private final Deque<Opened> opened = new ArrayDeque<>();
    private final StageBoard board;
    private final RecentDeliveries deliveries;
    private final SchoolNames schools;
    private final NoticeBoard notices;
    private @Nullable Connector connector;
    private volatile @Nullable StreamsApp streamsApp;
    private volatile @Nullable Snapshotter snapshotter;
    private final StageAlerts alerts;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread starter;

    private Running(District district, StageBoard board, Set<Stage> stages, Journal journal, Lifeline lifeline) {
        this.district = district;
        this.configuration = district.configuration();
        this.board = board;
        this.stages = stages;
        this.journal = journal;
        this.lifeline = lifeline;
        this.deliveries = open("receipts", new RecentDeliveries(configuration, district.clients()));
        this.schools = open("school names", new SchoolNames(configuration, district.clients()));
        this.notices = open("notices", notices(configuration, stages));
        this.alerts = new StageAlerts(
                board,
                notices,
                configuration.district().timeZone(),
                !configuration.deliveries().feeds().isEmpty());
    }

    private record Opened(String what, AutoCloseable part) {}

    /**
     * Starts stages.
     *
     * @param district makes them; a patient one waits for what cannot be reached
     * @param lifeline learns why a stage has given up
     * @throws CommandFailedException if one of them cannot start; those before it are closed again
     */
    public static Running start(
            District district, StageBoard board, Set<Stage> stages, Journal journal, Lifeline lifeline) {
        Running running = new Running(district, board, stages, journal, lifeline);
        try {
            // Why the process ends is what others have to see of its stages, not that they stop then; but nobody misses
            // one that another has taken over from.
            var unused = lifeline.ending().thenAccept(why -> {
                StageState state = why.exitCode() == Ending.FENCED ? StageState.STOPPED : StageState.FAILED;
                stages.forEach(stage -> board.report(stage.id(), StageReports.of(state, why.message(), Lead.NO)));
            });
            lifeline.lastWord(why -> running.reportEnd());
            running.openConnector();
            running.openOthers();
        } catch (CommandFailedException e) {
            running.close();
            throw e;
        } catch (RuntimeException | Error e) {
            // Interrupted because it shall stop: what is open is still closed in order.
            var unused = Thread.interrupted();
            running.close();
            CommandFailedException failed =
                    Ending.ofStage("The start failed. ", e).exception();
            failed.initCause(e);
            throw failed;
        }
        return running;
    }

    /**
     * The connector makes the first topics, once it has found the database fit; until then nothing of the district is
     * made. With patience that is waited for on a thread of its own.
     */
    private void openOthers() {
        if (stages.equals(Set.of(Stage.CONNECTOR))) {
            return;
        }
        stages.stream()
                .filter(stage -> stage != Stage.CONNECTOR)
                .forEach(stage ->
                        board.report(stage.id(), StageReports.of(StageState.STARTING, "Waits " + FOR_TOPICS, Lead.NO)));
        if (!district.patient()) {
            awaitTopics();
            openReaders();
            return;
        }
        starter = StageThreads.daemons("start").newThread(() -> {
            try {
                awaitTopics();
                openReaders();
            } catch (RuntimeException | Error e) {
                if (closing.getCount() > 0) {
                    LOGGER.atError().setCause(e).log("The start failed");
                    lifeline.end(Ending.ofStage("The start failed. ", e));
                }
            }
        });
        starter.start();
    }

    private void awaitTopics() {
        String first = configuration.topics().progress();
        boolean isReported = false;
        try (Admin admin = Admin.create(district.clients().kafkaProperties())) {
            while (!KafkaAnswers.await(admin.listTopics().names()).contains(first)) {
                if (lifeline.ending().isDone() || closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                if (!isReported) {
                    isReported = true;
                    journal.alive("Waiting", FOR_TOPICS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void openConnector() {
        deliveries.start();
        schools.start();
        if (stages.contains(Stage.CONNECTOR)) {
            Connector stage = open("connector", district.connector());
            connector = stage;
            List<String> own = List.of(
                    configuration.topics().progress(),
                    configuration.topics().offsets(),
                    configuration.topics().holds());
            board.report(
                    Stage.CONNECTOR.id(),
                    () -> StageReports.connector(stage.status(), ForeignRecords.newest(own::contains)));
            var unused = stage.completion().whenComplete((none, error) -> {
                if (error != null) {
                    lifeline.end(Ending.ofConnector(configuration, error));
                }
            });
            stage.start();
            journal.alive(
                    "Connector",
                    "captures " + configuration.capture().database().address());
        }
    }

    private synchronized void openReaders() {
        if (closing.getCount() == 0 || lifeline.ending().isDone()) {
            return;
        }
        if (stages.contains(Stage.STREAMS_APP)) {
            StreamsApp stage = open("streams-app", district.streamsApp());
            streamsApp = stage;
            board.report(
                    Stage.STREAMS_APP.id(),
                    () -> StageReports.streamsApp(stage.status(), stage.hasTask(), stage.hasCopy()));
            var unused = stage.failure().whenComplete((none, error) -> {
                if (error != null) {
                    lifeline.end(Ending.ofStage("streams-app: ", error));
                }
            });
            stage.start();
            journal.alive(
                    "Streams application",
                    "keeps " + configuration.topics().patrons() + " and "
                            + configuration.deliveries().feeds().size()
                            + (configuration.deliveries().feeds().size() == 1 ? " feed" : " feeds"));
        }
        if (stages.contains(Stage.SNAPSHOTTER)) {
            Snapshotter stage = open(
                    "snapshotter",
                    district.snapshotter(configuration.deliveries().cutTimeLimit(), new DeliveryNotices(notices)));
            snapshotter = stage;
            stage.start();
            Topics topics = configuration.topics();
            List<String> own = new ArrayList<>(
                    List.of(topics.epochs(), topics.deliveries(), topics.feedStates(), topics.pauses()));
            configuration.deliveries().feeds().forEach(feed -> {
                own.add(topics.feed(feed.feed()));
                own.add(topics.delivered(feed.feed()));
            });
            board.report(
                    Stage.SNAPSHOTTER.id(),
                    () -> StageReports.snapshotter(
                            stage.status(), deliveries.newest(), ForeignRecords.newest(own::contains)));
            journal.alive(
                    "Snapshotter",
                    configuration.deliveries().feeds().isEmpty()
                            ? "has no feed to deliver"
                            : "delivers "
                                    + configuration.deliveries().feeds().stream()
                                            .map(feed -> feed.feed())
                                            .collect(Collectors.joining(", ")));
        }
    }

    /** Processes of one folder do not share what they reported. */
    private static NoticeBoard notices(Configuration configuration, Set<Stage> stages) {
        String name = stages.contains(Stage.SNAPSHOTTER)
                ? "notices.json"
                : "notices-" + stages.iterator().next().id() + ".json";
        return new NoticeBoard(
                configuration.district().name(),
                configuration.deliveries().notices().channels(),
                configuration.installation().directory().resolve(name),
                InstantSource.system());
    }

    /** Alerts people that the process ends before its stages have begun; once, however often a supervisor tries. */
    public static void reportThatItDidNotStart(Configuration configuration, Set<Stage> stages, String why) {
        try (NoticeBoard notices = notices(configuration, stages)) {
            stages.forEach(stage -> notices.down(
                    stage == Stage.STREAMS_APP ? "streams application" : stage.id(),
                    "The process did not start. " + why,
                    false));
        } catch (RuntimeException e) {
            LOGGER.atWarn().setCause(e).log("No alert could be sent that the process did not start");
        }
    }

    /** Looks a last time and sends the alerts that are due. */
    private void reportEnd() {
        alerts.close();
        notices.close();
    }

    private <T extends AutoCloseable> T open(String what, T part) {
        opened.push(new Opened(what, part));
        return part;
    }

    public CompletableFuture<Ending> failure() {
        return lifeline.ending();
    }

    District district() {
        return district;
    }

    SchoolNames schools() {
        return schools;
    }

    /** Returns what sends the daily summary, if one is asked for. */
    Optional<DailySummary> dailySummary() {
        return configuration
                .deliveries()
                .notices()
                .dailySummary()
                .map(at -> new DailySummary(configuration.district().name(), at, notices));
    }

    RecentDeliveries deliveries() {
        return deliveries;
    }

    public Optional<Connector> connector() {
        return Optional.ofNullable(connector);
    }

    public Optional<StreamsApp> streamsApp() {
        return Optional.ofNullable(streamsApp);
    }

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
        // Closed first: what a stage says while it is stopped is no news.
        alerts.close();
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
