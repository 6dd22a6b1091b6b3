package dev.patronstream.streams.rebuild;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.streams.StreamsApp;
import dev.patronstream.streams.StreamsSettings;
import dev.patronstream.streams.StreamsStatus;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Runs the streams application until it has announced an epoch, told to readers of committed records. */
final class Replay {

    private final StreamsSettings settings;
    private final CommittedTopics reader;
    private final Consumer<StreamsStatus> watcher;
    private final BooleanSupplier stop;

    /**
     * Prepares a run.
     *
     * @param watcher is told how it is, several times a second
     * @param stop asked as often whether to give up
     */
    Replay(StreamsSettings settings, CommittedTopics reader, Consumer<StreamsStatus> watcher, BooleanSupplier stop) {
        this.settings = settings;
        this.reader = reader;
        this.watcher = watcher;
        this.stop = stop;
    }

    /**
     * Runs.
     *
     * @param epoch the least epoch to wait for
     * @param from only an announcement at this offset or after it counts
     * @return what was announced; nothing if it was stopped before
     * @throws IllegalStateException if the application stops by itself
     */
    Optional<EpochApplied> run(long epoch, long from) {
        try (StreamsApp app = new StreamsApp(settings)) {
            app.start();
            while (true) {
                requireNoFailure(app);
                StreamsStatus status = app.status();
                watcher.accept(status);
                boolean isApplied = status.applied()
                        .filter(applied -> applied.epoch() >= epoch)
                        .isPresent();
                Optional<EpochApplied> announced =
                        isApplied ? announced(settings, reader, epoch, from) : Optional.empty();
                if (announced.isPresent()) {
                    return announced;
                }
                if (stop.getAsBoolean()) {
                    return Optional.empty();
                }
                DerivedState.pause();
            }
        }
    }

    /** Returns the last announcement, if it is new enough. */
    static Optional<EpochApplied> announced(StreamsSettings settings, CommittedTopics reader, long epoch, long from) {
        return reader.newestRecord(settings.topics().epochs(), announcements(settings), Keys.EPOCH)
                .filter(record -> record.offset() >= from)
                .flatMap(TopicRecord::value)
                .filter(applied -> applied.getEpoch() >= epoch);
    }

    /** What the topic of applied epochs holds. */
    static RecordForm<EpochApplied> announcements(StreamsSettings settings) {
        return RecordForm.of(settings.serdes().deserializer(EpochApplied.class));
    }

    private static void requireNoFailure(StreamsApp app) {
        if (!app.failure().isCompletedExceptionally()) {
            return;
        }
        try {
            app.failure().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IllegalStateException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
