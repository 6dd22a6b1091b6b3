package dev.patronstream.cli.run;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.Instances;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.stages.StageBoard;
import dev.patronstream.cli.web.StatusReport;
import dev.patronstream.cli.web.StatusReport.StageName;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.cli.web.StatusServer;
import dev.patronstream.cli.web.StatusSource;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status port of a process that waits for room, Kafka or the registry: it says for what, and knows nothing else. */
public final class WaitingPage implements StatusSource, AutoCloseable {

    private final Configuration configuration;
    private final Optional<Instances.Claim> claim;
    private final Instant startedAt = Instant.now();
    private @Nullable StatusServer server;
    private String reason = "";

    /** Makes a page that is not served yet; without a claim on the folder it is served only if it can be. */
    public WaitingPage(Configuration configuration, Optional<Instances.Claim> claim) {
        this.configuration = configuration;
        this.claim = claim;
    }

    /** Says what is waited for; returns the page's address, unless a full disk has no room for what it needs. */
    public synchronized Optional<String> waitsFor(String why) {
        reason = why;
        if (server == null) {
            try {
                server = RunningStatus.serve(configuration, this);
                String url = server.url().toString();
                claim.ifPresent(own -> own.announce(addresses(), url));
            } catch (CommandFailedException e) {
                if (claim.isPresent()) {
                    throw e;
                }
            }
        }
        return Optional.ofNullable(server).map(serving -> serving.url().toString());
    }

    /** What lives in a process is nowhere yet. */
    private Cluster.Addresses addresses() {
        return new Cluster.Addresses(
                configuration.kafka().bootstrapServers().orElse(""),
                configuration.registry().url().orElse(""));
    }

    @Override
    public synchronized StatusReport report() {
        boolean registry = reason.startsWith("registry");
        boolean room = claim.isEmpty();
        String words = reason.substring(reason.indexOf(": ") + 1).strip();
        return new StatusReport(
                new StatusReport.Origin(
                        configuration.district().name(),
                        StageBoard.thisProcess(false).getVersion(),
                        startedAt,
                        configuration.district().timeZone()),
                Instant.now(),
                Stream.of(
                                stage(StageName.CAPTURE, StageState.STARTING, NOT_YET),
                                stage(StageName.PATRONS, StageState.STARTING, NOT_YET),
                                stage(StageName.DELIVERIES, StageState.STARTING, NOT_YET),
                                registry
                                        ? stage(StageName.KAFKA, StageState.RUNNING, "answers")
                                        : room
                                                ? stage(StageName.DISKS, StageState.RETRYING, reason)
                                                : stage(StageName.KAFKA, StageState.RETRYING, words),
                                registry
                                        ? stage(StageName.REGISTRY, StageState.RETRYING, words)
                                        : stage(StageName.REGISTRY, StageState.STARTING, "is asked after Kafka"))
                        .toList(),
                StatusReport.Freshness.NOT_YET,
                OptionalLong.empty(),
                configuration.deliveries().feeds().stream()
                        .map(WaitingPage::feed)
                        .toList(),
                List.of(),
                Map.of());
    }

    private StatusReport.Stage stage(StageName name, StageState state, String sentence) {
        return new StatusReport.Stage(name, state, sentence, startedAt, Map.of());
    }

    private static StatusReport.Feed feed(FeedSettings settings) {
        return new StatusReport.Feed(
                settings.feed(),
                List.of(),
                OptionalLong.empty(),
                false,
                new StatusReport.Times(
                        settings.schedule().flatMap(ScheduleSettings::onChange).isPresent(),
                        Optional.empty(),
                        Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Leaves the port to the page that knows more. */
    @Override
    public void close() {
        StatusServer serving;
        synchronized (this) {
            serving = server;
            server = null;
        }
        // Not under the lock: the server waits for requests, which wait for it.
        if (serving != null) {
            serving.close();
        }
    }
}
