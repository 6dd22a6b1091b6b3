package dev.patronstream.cli.run;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.web.SnapshotRefusedException;
import dev.patronstream.cli.web.SnapshotRequest;
import dev.patronstream.cli.web.StatusReport;
import dev.patronstream.cli.web.StatusReport.StageName;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.cli.web.StatusSource;
import dev.patronstream.cli.web.TableUnavailableException;
import dev.patronstream.connector.Connector;
import dev.patronstream.connector.ConnectorStatus;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.snapshotter.FeedSettings;
import dev.patronstream.snapshotter.FeedStatus;
import dev.patronstream.snapshotter.SnapshotFailedException;
import dev.patronstream.snapshotter.SnapshotOptions;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.streams.QueryUnavailableException;
import dev.patronstream.streams.StreamsApp;
import dev.patronstream.streams.StreamsStatus;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tells the status port how the stages of this process stand. Thread-safe. */
public final class RunningStatus implements StatusSource, AutoCloseable {

    private static final int SHOWN_DELIVERIES = 10;

    private final Configuration configuration;
    private final Running running;
    private final Map<String, String> addresses;
    private final String version;
    private final InstantSource clock;
    private final Instant startedAt;
    private final StageReports stages;
    private final RecentDeliveries deliveries;
    private final Surroundings surroundings;

    /** Makes the status of running stages. */
    public RunningStatus(
            Configuration configuration,
            Running running,
            Cluster.Addresses addresses,
            ClusterClients clients,
            String version,
            InstantSource clock) {
        this.configuration = configuration;
        this.running = running;
        this.addresses = Map.of("kafka", addresses.bootstrapServers(), "registry", addresses.registryUrl());
        this.version = version;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.stages = new StageReports(clock);
        this.deliveries = new RecentDeliveries(configuration, clients);
        deliveries.start();
        this.surroundings = new Surroundings(configuration, addresses);
    }

    @Override
    public StatusReport report() {
        Optional<ConnectorStatus> connector = running.connector().map(Connector::status);
        Optional<StreamsStatus> streams = running.streamsApp().map(StreamsApp::status);
        List<Delivery> receipts = deliveries.newest();
        return new StatusReport(
                configuration.district(),
                version,
                startedAt,
                clock.instant(),
                stages(connector, streams, receipts),
                freshness(connector, streams),
                streams.map(status -> OptionalLong.of(status.patrons())).orElse(OptionalLong.empty()),
                feeds(streams, receipts),
                receipts.subList(0, Math.min(SHOWN_DELIVERIES, receipts.size())),
                connector.map(RunningStatus::counters).orElse(Map.of()));
    }

    @Override
    public Optional<Patron> patron(PatronKind kind, int id) {
        return asking(app -> app.patron(kind, id));
    }

    @Override
    public List<FeedEntry> feedEntries(
            String feed, Optional<Integer> school, Optional<PatronStatus> status, int limit) {
        return asking(app -> app.feedEntries(feed, school, status, limit));
    }

    @Override
    public Delivery snapshot(String feed, SnapshotRequest request) {
        Snapshotter snapshotter = running.snapshotter()
                .orElseThrow(() -> new SnapshotRefusedException("The snapshotter does not run in this process"));
        try {
            return snapshotter.snapshot(feed, new SnapshotOptions(request.dryRun(), request.evenIfUnchanged()));
        } catch (SnapshotFailedException | IllegalArgumentException e) {
            throw new SnapshotRefusedException(Cluster.reason(e), e);
        }
    }

    @Override
    public void close() {
        surroundings.close();
        deliveries.close();
    }

    private <T> T asking(Function<StreamsApp, T> question) {
        StreamsApp app = running.streamsApp()
                .orElseThrow(
                        () -> new TableUnavailableException("The streams application does not run in this process"));
        try {
            return question.apply(app);
        } catch (QueryUnavailableException e) {
            throw new TableUnavailableException(Cluster.reason(e), e);
        }
    }

    private List<StatusReport.Stage> stages(
            Optional<ConnectorStatus> connector, Optional<StreamsStatus> streams, List<Delivery> receipts) {
        List<StatusReport.Stage> all = new ArrayList<>();
        all.add(connector.map(stages::capture).orElseGet(() -> stages.elsewhere(StageName.CAPTURE)));
        all.add(streams.map(stages::patrons).orElseGet(() -> stages.elsewhere(StageName.PATRONS)));
        all.add(running.snapshotter().isPresent() ? delivering(receipts) : stages.elsewhere(StageName.DELIVERIES));
        all.add(ground(
                StageName.KAFKA,
                surroundings.kafka(),
                "carries the topics " + configuration.district() + ".*",
                addresses.get("kafka")));
        all.add(ground(StageName.REGISTRY, surroundings.registry(), "keeps the schemas", addresses.get("registry")));
        return all;
    }

    private StatusReport.Stage ground(StageName name, Optional<String> trouble, String task, String address) {
        return stages.stage(
                name,
                trouble.isPresent() ? StageState.RETRYING : StageState.RUNNING,
                trouble.orElse(task),
                Map.of("address", address));
    }

    /** By the receipts, since a decision may have been made in another process; a failure may have left none. */
    private StatusReport.Stage delivering(List<Delivery> receipts) {
        List<FeedStatus> feeds =
                running.snapshotter().map(stage -> stage.status().feeds()).orElse(List.of());
        boolean busy = feeds.stream().anyMatch(FeedStatus::running);
        Optional<String> held = feeds.stream()
                .flatMap(feed -> newest(receipts, feed).stream())
                .filter(receipt -> receipt.getResult() == DeliveryResult.HELD)
                .map(receipt -> receipt.getFeed() + ": " + receipt.getMessage().orElse("held"))
                .findFirst();
        Optional<String> failure =
                feeds.stream().flatMap(feed -> failure(receipts, feed).stream()).findFirst();
        Optional<String> paused = feeds.stream()
                .flatMap(feed -> feed.pausedUntil().map(until -> feed.feed() + " is paused until " + until).stream())
                .findFirst();
        StageState state = busy
                ? StageState.WORKING
                : held.isPresent() ? StageState.HELD : failure.isPresent() ? StageState.RETRYING : StageState.RUNNING;
        return stages.stage(
                StageName.DELIVERIES,
                state,
                busy
                        ? "delivering"
                        : held.or(() -> failure).or(() -> paused).orElse("waits for the next schedule or request"),
                Map.of());
    }

    private static Optional<Delivery> newest(List<Delivery> receipts, FeedStatus feed) {
        return receipts.stream()
                .filter(receipt -> receipt.getFeed().equals(feed.feed()))
                .findFirst()
                .or(feed::lastReceipt);
    }

    private static Optional<String> failure(List<Delivery> receipts, FeedStatus feed) {
        Optional<Delivery> newest = newest(receipts, feed);
        return newest.filter(receipt -> receipt.getResult() != DeliveryResult.REJECTED)
                .flatMap(DeliveryWords::failure)
                .or(() -> newest.equals(feed.lastReceipt()) ? feed.lastFailure() : Optional.empty())
                .map(why -> feed.feed() + ": " + why);
    }

    private static StatusReport.Freshness freshness(
            Optional<ConnectorStatus> connector, Optional<StreamsStatus> streams) {
        if (connector.isPresent()) {
            var freshness = connector.get().freshness();
            return new StatusReport.Freshness(
                    StatusReport.FreshnessState.valueOf(freshness.state().name()), freshness.asOf(), freshness.note());
        }
        return streams.flatMap(StreamsStatus::applied)
                .flatMap(StreamsStatus.Applied::freshAsOf)
                .map(asOf -> new StatusReport.Freshness(StatusReport.FreshnessState.KNOWN, Optional.of(asOf), ""))
                .orElse(StatusReport.Freshness.NOT_YET);
    }

    private List<StatusReport.Feed> feeds(Optional<StreamsStatus> streams, List<Delivery> receipts) {
        Map<String, FeedStatus> own = running.snapshotter()
                .map(stage -> stage.status().feeds().stream().collect(Collectors.toMap(FeedStatus::feed, feed -> feed)))
                .orElse(Map.of());
        List<StatusReport.Feed> feeds = new ArrayList<>();
        for (FeedSettings settings : configuration.feeds()) {
            String name = settings.feed();
            Optional<FeedStatus> status = Optional.ofNullable(own.get(name));
            Optional<Delivery> last = receipts.stream()
                    .filter(receipt -> receipt.getFeed().equals(name))
                    .findFirst();
            Optional<Delivery> delivered = receipts.stream()
                    .filter(receipt -> receipt.getFeed().equals(name))
                    .filter(receipt -> DeliveryWords.vendorHolds(receipt.getResult()))
                    .findFirst();
            feeds.add(new StatusReport.Feed(
                    name,
                    settings.selection().schools().stream()
                            .sorted()
                            .map(String::valueOf)
                            .toList(),
                    streams.map(StreamsStatus::feedEntries)
                            .map(entries -> entries.get(name))
                            .map(OptionalLong::of)
                            .orElse(OptionalLong.empty()),
                    status.map(FeedStatus::running).orElse(false),
                    status.flatMap(FeedStatus::nextRun),
                    status.flatMap(FeedStatus::pausedUntil),
                    last.or(() -> status.flatMap(FeedStatus::lastReceipt)),
                    delivered.or(() -> status.flatMap(FeedStatus::lastDelivery)),
                    last.flatMap(DeliveryWords::failure)));
        }
        return feeds;
    }

    private static Map<String, Long> counters(ConnectorStatus status) {
        Map<String, Long> counters = new HashMap<>();
        counters.put("rowsPublished", status.counters().rows());
        counters.put("sourceTransactions", status.counters().sourceTransactions());
        counters.put("kafkaTransactions", status.counters().kafkaTransactions());
        counters.put("epochs", status.counters().epochs());
        counters.put("splitEpochs", status.counters().splits());
        counters.put("repeatedChanges", status.counters().repeated());
        counters.put("valueProblems", status.counters().problems());
        counters.put("retries", status.counters().retries());
        return counters;
    }
}
