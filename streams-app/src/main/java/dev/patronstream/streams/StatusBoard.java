package dev.patronstream.streams;

import dev.patronstream.schemas.StageNote;
import dev.patronstream.streams.StreamsStatus.Phase;
import dev.patronstream.streams.StreamsStatus.Work;
import dev.patronstream.streams.epochs.Stores;
import dev.patronstream.streams.epochs.TopologyState;
import dev.patronstream.streams.runtime.RestoreProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Stream;
import org.apache.kafka.streams.KafkaStreams;

/** Puts together what Kafka Streams, the topology and the failures say. Thread-safe. */
final class StatusBoard {

    /** Longer than a piece of work, a commit and an election take; a person should know when it is more. */
    private static final Duration STANDSTILL = Duration.ofSeconds(60);

    private static final int MOST_NOTES = 10;

    private final StreamsSettings settings;
    private final InstantSource clock;
    private final RestoreProgress restoring = new RestoreProgress();
    private final Deque<StageNote> notes = new ConcurrentLinkedDeque<>();
    private TopologyState topology = TopologyState.STARTING;
    private Optional<String> trouble = Optional.empty();
    private Instant lastProgress = Instant.EPOCH;
    private int failedAttempts;
    private boolean hasTask;

    StatusBoard(StreamsSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** How far the stores have been read back. */
    RestoreProgress restoring() {
        return restoring;
    }

    synchronized void beginsAgain() {
        topology = TopologyState.STARTING;
    }

    /** The stream thread runs; without a task, its work is done by another process, and so is the trouble with it. */
    synchronized void runs(boolean withTask) {
        moved();
        hasTask = withTask;
        if (!withTask) {
            trouble = Optional.empty();
            failedAttempts = 0;
        }
    }

    private void moved() {
        lastProgress = clock.instant();
    }

    synchronized void topology(TopologyState now) {
        if (!now.isWaiting() || !now.equals(topology)) {
            moved();
        }
        if (!topology.applied().equals(now.applied())) {
            trouble = Optional.empty();
            failedAttempts = 0;
        }
        topology = now;
    }

    synchronized void trouble(String what) {
        trouble = Optional.of(what);
    }

    /** How many times in a row something failed before this. */
    synchronized int failed() {
        return failedAttempts++;
    }

    synchronized void note(String text) {
        notes.addFirst(new StageNote(clock.instant(), text));
        if (notes.size() > MOST_NOTES) {
            notes.removeLast();
        }
    }

    /**
     * Returns how the application is.
     *
     * @param stopped whether it has stopped by itself
     */
    synchronized StreamsStatus read(Optional<KafkaStreams.State> streams, boolean stopped) {
        boolean runs = streams.equals(Optional.of(KafkaStreams.State.RUNNING));
        Optional<String> troubled = trouble.or(() -> silence(runs));
        Optional<String> missing = missingRows(runs);
        Phase phase = phase(streams, troubled.isPresent(), missing.isPresent(), stopped);
        Map<String, Long> entries = new TreeMap<>();
        settings.epochs()
                .feedNames()
                .forEach(feed -> entries.put(feed, topology.counts().getOrDefault(Stores.feedOutput(feed), 0L)));
        return new StreamsStatus(
                phase,
                message(phase, troubled.or(() -> missing)),
                topology.applied(),
                topology.counts().getOrDefault(Stores.PATRONS, 0L),
                entries,
                phase == Phase.RUNNING ? Optional.empty() : work(),
                Stream.concat(topology.passedOver().stream().map(said -> new StageNote(null, said)), notes.stream())
                        .toList());
    }

    /** What to say when the stream thread has not come back for a while: it waits for the brokers. */
    private Optional<String> silence(boolean runs) {
        return standstill(
                runs,
                false,
                "the Kafka cluster does not answer, or lacks replicas to take records. It goes on when the cluster does");
    }

    /** What to say when rows that were announced have not come for a while. */
    private Optional<String> missingRows(boolean runs) {
        return topology.activity() == TopologyState.Activity.AWAITING_COLUMNS
                ? Optional.empty()
                : standstill(
                        runs,
                        true,
                        "rows that were announced do not come " + topology.missing()
                                + ". Look whether the connector runs; if it does, start the streams application again, and if"
                                + " that does not help, stop everything, and run: patronstream rebuild");
    }

    private Optional<String> standstill(boolean runs, boolean waiting, String why) {
        Duration still = Duration.between(lastProgress, clock.instant());
        boolean stands = runs
                && hasTask
                && !restoring.isActive()
                && !topology.equals(TopologyState.STARTING)
                && topology.isWaiting() == waiting
                && still.compareTo(STANDSTILL) >= 0;
        return stands
                ? Optional.of("The patron table has not moved for " + still.toSeconds() + " s: " + why)
                : Optional.empty();
    }

    private Phase phase(Optional<KafkaStreams.State> streams, boolean troubled, boolean rowsMissing, boolean stopped) {
        if (stopped) {
            return Phase.FAILED;
        }
        if (streams.isEmpty() || streams.get() == KafkaStreams.State.CREATED) {
            return Phase.STARTING;
        }
        if (streams.get().isShuttingDown() || streams.get().hasCompletedShutdown()) {
            return Phase.STOPPED;
        }
        if (troubled) {
            return Phase.RETRYING;
        }
        if (restoring.isActive()) {
            return Phase.RESTORING;
        }
        if (streams.get() != KafkaStreams.State.RUNNING) {
            return Phase.STARTING;
        }
        if (rowsMissing) {
            return Phase.STALLED;
        }
        return switch (topology.activity()) {
            case STARTING, UP_TO_DATE, WAITING, AWAITING_COLUMNS -> Phase.RUNNING;
            case LOADING, REPLAYING -> Phase.REBUILDING;
            case FOLDING, EVALUATING -> Phase.WORKING;
        };
    }

    private String message(Phase phase, Optional<String> said) {
        return switch (phase) {
            case STARTING -> "Starting";
            case RESTORING -> "Reading its state back";
            case REBUILDING, WORKING -> topology.activity().words();
            case RUNNING -> running();
            case RETRYING, STALLED, FAILED -> said.orElse("");
            case STOPPED -> "Stopped";
        };
    }

    private String running() {
        if (topology.activity() == TopologyState.Activity.AWAITING_COLUMNS) {
            return "Waiting until the connector has read " + String.join(", ", topology.missing())
                    + ", which a feed needs. Until then all feeds stay as they are";
        }
        if (!topology.missing().isEmpty()) {
            return "Waiting for rows that were announced: " + topology.missing();
        }
        return topology.applied().isPresent() ? "Up to date" : "Waiting for the connector's first snapshot";
    }

    private Optional<Work> work() {
        if (restoring.isActive()) {
            return Optional.of(new Work("state read back", restoring.done(), restoring.total()));
        }
        return Optional.of(topology.activity().unit())
                .filter(unit -> !unit.isEmpty())
                .map(unit -> new Work(unit, topology.done(), topology.total()));
    }
}
