package dev.patronstream.cli.run;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.stages.DistrictView;
import dev.patronstream.cli.stages.StageBoard;
import dev.patronstream.cli.web.StatusReport;
import dev.patronstream.cli.web.StatusReport.StageName;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.cli.web.StatusSource;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.StageFeed;
import dev.patronstream.snapshotter.SnapshotOptions;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.snapshotter.delivery.SnapshotFailedException;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import dev.patronstream.streams.PatronQueries;
import dev.patronstream.streams.QueryUnavailableException;
import dev.patronstream.streams.StreamsApp;
import io.javalin.http.ConflictResponse;
import io.javalin.http.ServiceUnavailableResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tells the status port how the district is doing, and asks the stages of this process. Thread-safe. */
public final class RunningStatus implements StatusSource, AutoCloseable {

    private static final int SHOWN_DELIVERIES = 10;

    private final Configuration configuration;
    private final Running running;
    private final StageBoard board;
    private final Cluster.Addresses addresses;
    private final InstantSource clock;
    private final Instant startedAt;
    private final Surroundings surroundings;
    private final Disks disks;
    private final Map<StageName, Known> known = new EnumMap<>(StageName.class);

    private record Known(StageState state, Instant since) {}

    /** Makes the status of running stages. */
    public RunningStatus(
            Configuration configuration,
            Running running,
            StageBoard board,
            Cluster.Addresses addresses,
            InstantSource clock) {
        this.configuration = configuration;
        this.running = running;
        this.board = board;
        this.addresses = addresses;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.surroundings = new Surroundings(configuration, addresses);
        this.disks = Disks.of(configuration);
    }

    @Override
    public StatusReport report() {
        List<Delivery> receipts = running.deliveries().newest();
        DistrictView view = board.district(configuration.district().timeZone());
        List<StatusReport.Stage> stages =
                new ArrayList<>(view.stages(!configuration.deliveries().feeds().isEmpty()));
        stages.add(ground(
                StageName.KAFKA,
                surroundings.kafka(),
                "carries the topics " + configuration.district().name() + ".*",
                addresses.bootstrapServers()));
        stages.add(ground(
                StageName.REGISTRY, surroundings.registry(), "keeps the topics' contracts", addresses.registryUrl()));
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
    public Delivery snapshot(String feed, SnapshotOptions options) {
        Snapshotter snapshotter = running.snapshotter()
                .orElseThrow(() -> new ConflictResponse("The snapshotter does not run in this process"));
        try {
            return snapshotter.snapshot(feed, options);
        } catch (SnapshotFailedException | IllegalArgumentException e) {
            throw new ConflictResponse(Cluster.reason(e));
        }
    }

    @Override
    public void close() {
        surroundings.close();
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
            before = new Known(state, clock.instant());
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
                    settings.selection().schools().stream()
                            .sorted()
                            .map(String::valueOf)
                            .toList(),
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
                            .filter(receipt -> DeliveryWords.vendorHolds(receipt.getResult()))
                            .findFirst(),
                    said.flatMap(StageFeed::getFailure)
                            .or(() -> own.stream().findFirst().flatMap(DeliveryWords::failure))
                            .map(view.words()::in)));
        }
        return feeds;
    }
}
