package dev.patronstream.cli.run;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.Reachability;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.sheet.FeedSheets;
import dev.patronstream.cli.stages.DistrictView;
import dev.patronstream.cli.stages.StageBoard;
import dev.patronstream.cli.web.AccessToken;
import dev.patronstream.cli.web.DailySummary;
import dev.patronstream.cli.web.DistrictOrders;
import dev.patronstream.cli.web.StatusReport;
import dev.patronstream.cli.web.StatusReport.StageName;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.cli.web.StatusServer;
import dev.patronstream.cli.web.StatusSource;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.StageFeed;
import dev.patronstream.schemas.lifecycle.StageThreads;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.ledger.Receipts;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import dev.patronstream.streams.PatronQueries;
import dev.patronstream.streams.QueryUnavailableException;
import dev.patronstream.streams.StreamsApp;
import io.javalin.http.ServiceUnavailableResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;

/**
 * The status port of this process: tells how the district is doing, and asks the stages of this process. Thread-safe.
 *
 * <p>Kafka and the registry are asked every few seconds whether they are there: the registry is needed seldom, and nobody
 * would know until then.
 */
public final class RunningStatus implements StatusSource, AutoCloseable {

    private static final int SHOWN_DELIVERIES = 10;
    private static final int SECONDS_BETWEEN_QUESTIONS = 10;

    private final Configuration configuration;
    private final Running running;
    private final StageBoard board;
    private final Cluster.Addresses addresses;
    private final Instant startedAt = Instant.now();
    private final ScheduledExecutorService asking = StageThreads.scheduler("surroundings");
    private volatile Optional<String> kafkaTrouble = Optional.empty();
    private volatile Optional<String> registryTrouble = Optional.empty();
    private final Disks disks;
    private final Map<StageName, Known> known = new EnumMap<>(StageName.class);
    private final FreshnessHistory freshness = new FreshnessHistory();
    private final Optional<DailySummary> summary;
    private final PageOrders orders;
    private final PageAnswers answers;
    private final StatusServer server;

    private record Known(StageState state, Instant since) {}

    /**
     * Opens the status port.
     *
     * @throws CommandFailedException if it cannot be opened
     */
    public RunningStatus(Configuration configuration, Running running, StageBoard board, Cluster cluster) {
        this.configuration = configuration;
        this.running = running;
        this.board = board;
        this.addresses = cluster.addresses();
        this.disks = Disks.of(configuration);
        this.summary = running.dailySummary();
        this.orders = new PageOrders(running.district(), running, this::pageOfDeliveries);
        this.answers = new PageAnswers(running.district());
        this.server = serve(configuration, this);
        board.servedAt(url());
        var unused = asking.scheduleWithFixedDelay(
                this::ask, SECONDS_BETWEEN_QUESTIONS, SECONDS_BETWEEN_QUESTIONS, TimeUnit.SECONDS);
    }

    static StatusServer serve(Configuration configuration, StatusSource source) {
        Configuration.Status port = configuration.status();
        try {
            return StatusServer.start(
                    port.address(),
                    port.port(),
                    source,
                    AccessToken.ensure(configuration.installation().directory()));
        } catch (RuntimeException e) {
            throw new CommandFailedException(
                    "status.port: the status page cannot be opened on " + port.address() + ":" + port.port() + " ("
                            + Cluster.reason(e) + "). Give another port, or 0 for any free one",
                    e);
        }
    }

    public String url() {
        return server.url().toString();
    }

    /** Returns the page of the process that makes the deliveries, where it is another one. */
    private Optional<String> pageOfDeliveries() {
        return report().stages().stream()
                .filter(stage -> stage.name() == StageName.DELIVERIES)
                .flatMap(stage -> stage.instances().stream())
                .filter(instance -> !instance.isHere() && instance.role() == StatusReport.Role.LEADS)
                .flatMap(instance -> instance.statusUrl().stream())
                .findFirst();
    }

    private void ask() {
        StatusReport report = report();
        freshness.add(new Sample(report.now(), report.freshness().age(report.now())));
        if (running.deliveries().isRead() && board.hears()) {
            summary.ifPresent(one -> summarize(one, report));
        }
        kafkaTrouble = trouble(
                () -> Reachability.requireKafka(addresses.bootstrapServers(), Cluster.kafkaProperties(configuration)));
        registryTrouble = trouble(
                () -> Reachability.requireRegistry(addresses.registryUrl(), Cluster.registryProperties(configuration)));
    }

    private void summarize(DailySummary daily, StatusReport report) {
        DistrictView view = board.district(report.origin().timeZone());
        view.summaryOfOthers().ifPresent(daily::sentElsewhere);
        if (view.sendsAlerts()) {
            daily.look(report, month(), freshnessOfTheDay());
        }
        board.summarized(daily.last());
    }

    private static Optional<String> trouble(Runnable question) {
        try {
            question.run();
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(Cluster.reason(e));
        }
    }

    @Override
    public StatusReport report() {
        List<Delivery> receipts = running.deliveries().newest();
        DistrictView view = board.district(configuration.district().timeZone());
        List<StatusReport.Stage> stages =
                new ArrayList<>(view.stages(!configuration.deliveries().feeds().isEmpty()));
        stages.add(ground(
                StageName.KAFKA,
                kafkaTrouble,
                "carries the topics " + configuration.district().name() + ".*",
                addresses.bootstrapServers()));
        stages.add(ground(StageName.REGISTRY, registryTrouble, "keeps the topics' contracts", addresses.registryUrl()));
        stages.add(ground(
                StageName.STAGES,
                board.trouble(),
                "tells the processes of each other",
                configuration.topics().stages()));
        stages.add(disks());
        return new StatusReport(
                new StatusReport.Origin(
                        configuration.district().name(),
                        board.self().getVersion(),
                        startedAt,
                        configuration.district().timeZone()),
                view.now(),
                stages,
                view.freshness(configuration.status().staleAfter()),
                view.patrons(),
                feeds(view, receipts),
                receipts.subList(0, Math.min(SHOWN_DELIVERIES, receipts.size())),
                view.counters());
    }

    @Override
    public Optional<Patron> patron(PatronKind kind, int id) {
        return asking(tables -> tables.patron(kind, id));
    }

    @Override
    public List<FeedEntry> feedEntries(
            String feed, Optional<Integer> school, Optional<PatronStatus> status, int limit) {
        return asking(tables -> tables.feedEntries(feed, school, status, limit));
    }

    @Override
    public List<String> sheet(String feed) {
        return FeedSheets.lines(configuration, PageAnswers.settings(running.district(), feed));
    }

    @Override
    public Explained explain(String feed, PatronKind kind, int id) {
        return answers.explain(feed, kind, id);
    }

    @Override
    public List<BrokenRule> problems(String feed) {
        return answers.problems(feed);
    }

    @Override
    public List<Delivery> month() {
        return running.deliveries().month(Instant.now());
    }

    @Override
    public Optional<Delivery> delivery(String id) {
        try {
            return running.deliveries().find(id);
        } catch (KafkaException e) {
            throw new ServiceUnavailableResponse(Cluster.reason(e));
        }
    }

    @Override
    public List<Sample> freshnessOfTheDay() {
        return freshness.samples();
    }

    @Override
    public Optional<CaptureHold> captureHold() {
        return answers.captureHold();
    }

    @Override
    public DistrictOrders orders() {
        return orders;
    }

    @Override
    public void close() {
        server.close();
        asking.shutdownNow();
        // Before the stages stop, so that no other process sees them stop and takes it for trouble.
        board.close();
    }

    private <T> T asking(Function<PatronQueries, T> question) {
        StreamsApp app = running.streamsApp()
                .orElseThrow(
                        () -> new ServiceUnavailableResponse("The streams application does not run in this process"));
        try {
            return question.apply(app.queries());
        } catch (QueryUnavailableException e) {
            throw new ServiceUnavailableResponse(Cluster.reason(e));
        }
    }

    private StatusReport.Stage ground(StageName name, Optional<String> trouble, String task, String address) {
        StageState state = trouble.isPresent() ? StageState.RETRYING : StageState.RUNNING;
        return new StatusReport.Stage(
                name, state, trouble.orElse(task), since(name, state), Map.of("address", address));
    }

    private StatusReport.Stage disks() {
        List<Disks.Disk> all = disks.all();
        List<String> full =
                all.stream().filter(Disks.Disk::isFull).map(Disks.Disk::words).toList();
        StageState state = full.isEmpty() ? StageState.RUNNING : StageState.RETRYING;
        return new StatusReport.Stage(
                StageName.DISKS,
                state,
                full.isEmpty() ? "have room" : String.join(". ", full),
                since(StageName.DISKS, state),
                all.stream().collect(Collectors.toMap(disk -> disk.folder().toString(), Disks.Disk::room)));
    }

    private synchronized Instant since(StageName name, StageState state) {
        Known before = known.get(name);
        if (before == null || before.state() != state) {
            before = new Known(state, Instant.now());
            known.put(name, before);
        }
        return before.since();
    }

    private List<StatusReport.Feed> feeds(DistrictView view, List<Delivery> receipts) {
        List<StatusReport.Feed> feeds = new ArrayList<>();
        for (FeedSettings settings : configuration.deliveries().feeds()) {
            String name = settings.feed();
            Optional<StageFeed> said = view.feed(name);
            List<Delivery> own = receipts.stream()
                    .filter(receipt -> receipt.getFeed().equals(name))
                    .toList();
            feeds.add(new StatusReport.Feed(
                    name,
                    running.schools().of(settings),
                    view.entries(name),
                    said.map(StageFeed::getDelivering).orElse(false),
                    new StatusReport.Times(
                            settings.schedule()
                                    .flatMap(ScheduleSettings::onChange)
                                    .isPresent(),
                            said.flatMap(StageFeed::getNextRun),
                            said.flatMap(StageFeed::getPausedUntil)),
                    own.stream().findFirst(),
                    own.stream()
                            .filter(receipt -> Receipts.hasArrived(receipt.getResult()))
                            .findFirst(),
                    said.flatMap(StageFeed::getFailure)
                            .or(() -> own.stream().findFirst().flatMap(DeliveryWords::failure))
                            .map(view.words()::in)));
        }
        return feeds;
    }
}
