package dev.patronstream.streams;

import dev.patronstream.schemas.FeedSelection;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.StageNote;
import dev.patronstream.streams.StreamsStatus.Phase;
import dev.patronstream.streams.StreamsStatus.Work;
import dev.patronstream.streams.epochs.TopologyState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.streams.KafkaStreams;

/** Puts together what Kafka Streams, the topology and the failures say. */
final class StatusReport {

    private static final String PATRONS = "patrons";
    private static final String FEED = "feed.";

    private StatusReport() {}

    static StreamsStatus of(
            StreamsSettings settings,
            Optional<KafkaStreams.State> streams,
            TopologyState topology,
            RestoreProgress restoring,
            Optional<String> trouble,
            Optional<String> missing,
            boolean failed,
            List<StageNote> notes) {
        Optional<Work> work = work(topology, restoring);
        Phase phase = phase(streams, topology, restoring, trouble, missing, failed);
        Map<String, Long> entries = new TreeMap<>();
        settings.feeds().stream()
                .map(FeedSelection::feed)
                .forEach(feed -> entries.put(feed, topology.counts().getOrDefault(FEED + feed, 0L)));
        return new StreamsStatus(
                phase,
                message(phase, topology, trouble.or(() -> missing)),
                topology.applied().map(StatusReport::applied),
                topology.counts().getOrDefault(PATRONS, 0L),
                entries,
                phase == Phase.RUNNING ? Optional.empty() : work,
                notes);
    }

    private static Phase phase(
            Optional<KafkaStreams.State> streams,
            TopologyState topology,
            RestoreProgress restoring,
            Optional<String> trouble,
            Optional<String> missing,
            boolean failed) {
        if (failed) {
            return Phase.FAILED;
        }
        if (streams.isEmpty() || streams.get() == KafkaStreams.State.CREATED) {
            return Phase.STARTING;
        }
        if (streams.get().isShuttingDown() || streams.get().hasCompletedShutdown()) {
            return Phase.STOPPED;
        }
        if (trouble.isPresent()) {
            return Phase.RETRYING;
        }
        if (restoring.isActive()) {
            return Phase.RESTORING;
        }
        if (streams.get() != KafkaStreams.State.RUNNING) {
            return Phase.STARTING;
        }
        if (missing.isPresent()) {
            return Phase.STANDING_STILL;
        }
        return switch (topology.activity()) {
            case STARTING, UP_TO_DATE, WAITING -> Phase.RUNNING;
            case LOADING, REPLAYING -> Phase.REBUILDING;
            case FOLDING, EVALUATING -> Phase.WORKING;
        };
    }

    private static String message(Phase phase, TopologyState topology, Optional<String> trouble) {
        return switch (phase) {
            case STARTING -> "Starting";
            case RESTORING -> "Reading its state back";
            case REBUILDING ->
                topology.activity() == TopologyState.Activity.LOADING
                        ? "Reading what the feeds hold already"
                        : "Replaying the source tables; nothing is written before they are read";
            case WORKING ->
                topology.activity() == TopologyState.Activity.FOLDING
                        ? "Taking over many rows"
                        : "Evaluating many persons";
            case RUNNING -> running(topology);
            case RETRYING, STANDING_STILL, FAILED -> trouble.orElse("");
            case STOPPED -> "Stopped";
        };
    }

    private static String running(TopologyState topology) {
        if (!topology.missing().isEmpty()) {
            return "Waiting for rows that were announced: " + topology.missing();
        }
        return topology.applied().isPresent() ? "Up to date" : "Waiting for the connector's first snapshot";
    }

    private static Optional<Work> work(TopologyState topology, RestoreProgress restoring) {
        if (restoring.isActive()) {
            return Optional.of(new Work("state read back", restoring.done(), restoring.total()));
        }
        return switch (topology.activity()) {
            case STARTING, UP_TO_DATE, WAITING -> Optional.empty();
            case LOADING -> Optional.of(new Work("entries read", topology.done(), topology.total()));
            case REPLAYING -> Optional.of(new Work("rows replayed", topology.done(), topology.total()));
            case FOLDING -> Optional.of(new Work("rows taken over", topology.done(), topology.total()));
            case EVALUATING -> Optional.of(new Work("persons evaluated", topology.done(), topology.total()));
        };
    }

    private static StreamsStatus.Applied applied(Progress epoch) {
        return new StreamsStatus.Applied(
                epoch.getEpoch(),
                epoch.getIncarnation(),
                epoch.getWatermark(),
                epoch.getBusinessDate(),
                epoch.getFreshAsOf(),
                epoch.getPublishedAt());
    }
}
