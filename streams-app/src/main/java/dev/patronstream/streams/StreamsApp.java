package dev.patronstream.streams;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.lifecycle.StageThreads;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.TopicProvisioner;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.TopicWatch;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.epochs.Stores;
import dev.patronstream.streams.runtime.BoundedRocksDb;
import dev.patronstream.streams.runtime.EarlierState;
import dev.patronstream.streams.runtime.FailurePolicy;
import dev.patronstream.streams.topics.KafkaTopicReader;
import dev.patronstream.streams.topics.LostStateException;
import dev.patronstream.streams.topics.TopicReader;
import dev.patronstream.streams.topology.EpochTopology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams application of one district: applies the connector's epochs and keeps the patron table and the feeds.
 *
 * <p>Runs from {@link #start()} to {@link #close()}, once. Trouble from outside (broker or registry away) is tried again
 * with growing pauses and shows in {@link #status()}; what trying again would not mend stops the application and
 * completes {@link #failure()}. Thread-safe.
 */
public final class StreamsApp implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(StreamsApp.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(15);

    private final StreamsSettings settings;
    private final InstantSource clock;
    private final StatusBoard board;
    private final PatronQueries queries;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Admin admin;
    private BoundedRocksDb.@Nullable Memory memory;
    private volatile @Nullable KafkaStreams streams;
    /** One whose state is lost, until it is closed: {@link #close} must not take away what it stands on. */
    private volatile @Nullable KafkaStreams leaving;

    private final AtomicReference<@Nullable KafkaStreams> lost = new AtomicReference<>();

    private final ScheduledExecutorService watching;
    private @Nullable KafkaStreams watched;
    private @Nullable TopicWatch watch;
    /** By topic: the offset after the last record that the running one wrote. */
    private volatile Map<String, Long> ends = Map.of();

    /** Makes an application; connects to nothing yet. */
    public StreamsApp(StreamsSettings settings) {
        this(settings, InstantSource.system());
    }

    /**
     * Makes an application with a clock. Only used to see whether the state is too old to go on with, and for how long
     * nothing has moved; the topology reads none.
     */
    StreamsApp(StreamsSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.board = new StatusBoard(settings, clock);
        this.queries = new PatronQueries(() -> streams, settings.epochs());
        this.watching = StageThreads.scheduler(settings.topics().streamsApplicationId() + "-topics");
    }

    /**
     * Makes the topics that are missing, publishes the contracts of the outputs and starts. Returns when Kafka Streams
     * has been started; whatever state is missing is restored after that.
     *
     * @throws org.apache.kafka.common.KafkaException if the cluster or the registry cannot be reached or refuses
     */
    public synchronized void start() {
        if (streams != null || closing.getCount() == 0) {
            throw new IllegalStateException("A streams application is started once");
        }
        try {
            admin = Admin.create(settings.kafka());
            new TopicProvisioner(admin).ensure(topics());
            publishContracts();
            earlierState().prepare(clock.instant());
            memory = new BoundedRocksDb.Memory();
            startStreams();
            var unused = watching.scheduleWithFixedDelay(this::lookForTopics, 1, 1, TimeUnit.SECONDS);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private List<NewTopic> changelogs() {
        return Stores.NAMES.stream()
                .map(store -> Stores.changelog(settings.topics(), store))
                .map(settings.topicSettings()::changelog)
                .toList();
    }

    private void startStreams() {
        Properties properties = new Properties();
        Map<String, Long> written = new ConcurrentHashMap<>();
        properties.putAll(
                StreamsProperties.of(settings, memory, (topic, offset) -> acknowledged(written, topic, offset)));
        KafkaStreams created = new KafkaStreams(topology(), properties);
        ends = written;
        streams = created;
        created.setUncaughtExceptionHandler(this::handle);
        created.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                board.runs(hasTask());
            }
        });
        created.setGlobalStateRestoreListener(board.restoring());
        created.start();
        LOGGER.atInfo()
                .addKeyValue("application", settings.topics().streamsApplicationId())
                .addKeyValue("feeds", settings.epochs().feeds().size())
                .log("Streams application started");
    }

    private EarlierState earlierState() {
        return new EarlierState(admin, settings.topics(), settings.stateDirectory(), this::reader);
    }

    private TopicReader reader() {
        return new KafkaTopicReader(admin, settings.kafka(), settings.topics().streamsApplicationId());
    }

    /** A producer that begins a transaction learns nothing from the broker of a lost end: its offsets come again. */
    private void acknowledged(Map<String, Long> written, String topic, long offset) {
        Long before = written.put(topic, offset + 1);
        KafkaStreams running = streams;
        if (running != null && before != null && before > offset) {
            loseState(running, new LostStateException("Topic " + topic + " has lost records that were written to it"));
        }
    }

    /** Beside the stream thread: its producer waits without end for a topic that is gone. */
    private void lookForTopics() {
        KafkaStreams running = streams;
        try {
            if (watched != running && running != null && running.state() == KafkaStreams.State.RUNNING) {
                List<NewTopic> all = new ArrayList<>(topics());
                all.addAll(changelogs());
                watch = new TopicWatch(admin, all, why -> loseState(running, new LostStateException(why)));
                watched = running;
            } else if (watched == running && watch != null) {
                watch.look(ends);
            }
        } catch (KafkaException e) {
            LOGGER.atDebug().setCause(e).log("Whether the topics are there is asked again");
        }
    }

    /** Begins again, once for each that runs. */
    private void loseState(KafkaStreams running, Throwable cause) {
        if (lost.getAndSet(running) != running) {
            LOGGER.atWarn().setCause(cause).log("State is lost; all of it is dropped");
            board.note(FailurePolicy.message(cause));
            Thread again =
                    new Thread(() -> beginAgain(running), settings.topics().streamsApplicationId() + "-begin-again");
            again.setDaemon(true);
            again.start();
        }
    }

    /** Drops all state and starts again; on a thread of its own, for a thread of Kafka Streams cannot close it. */
    private void beginAgain(KafkaStreams without) {
        leaving = without;
        streams = null;
        board.beginsAgain();
        for (int attempt = 0; closing.getCount() > 0; attempt++) {
            try {
                // While a topic is missing, one that writes to it cannot be closed.
                new TopicProvisioner(admin).ensure(topics());
                new TopicProvisioner(admin).create(changelogs());
                without.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
                synchronized (this) {
                    if (closing.getCount() > 0) {
                        leaving = null;
                        earlierState().drop();
                        startStreams();
                    }
                    return;
                }
            } catch (RuntimeException e) {
                if (!FailurePolicy.isRetryable(e)) {
                    stopped(e);
                    return;
                }
                board.trouble(FailurePolicy.message(e));
                LOGGER.atWarn().setCause(e).log("The state cannot be dropped now; it is tried again");
                if (isClosedWithin(FailurePolicy.pause(attempt))) {
                    return;
                }
            }
        }
    }

    /** Completes exceptionally when the application has stopped by itself; the message says why and what to do. */
    public CompletableFuture<Void> failure() {
        return failure.copy();
    }

    /** Returns how the application is. Never blocks. */
    public StreamsStatus status() {
        return board.read(Optional.ofNullable(streams).map(KafkaStreams::state), failure.isCompletedExceptionally());
    }

    /** Whether this process does the work of the district, rather than another one that has the application. */
    public boolean hasTask() {
        return hasThread(thread -> !thread.activeTasks().isEmpty());
    }

    /** Whether this process keeps a copy of the state, with which it takes over. */
    public boolean hasCopy() {
        return hasThread(thread -> !thread.standbyTasks().isEmpty());
    }

    private boolean hasThread(Predicate<ThreadMetadata> which) {
        return Optional.ofNullable(streams).stream()
                .flatMap(running -> running.metadataForLocalThreads().stream())
                .anyMatch(which);
    }

    /** Returns what answers from the tables. */
    public PatronQueries queries() {
        return queries;
    }

    /** Stops within seconds; what is not committed is done again at the next start. */
    @Override
    public void close() {
        closing.countDown();
        watching.shutdownNow();
        synchronized (this) {
            // In this order: one whose state is lost is the leaving one before it is no more the running one.
            if (close(streams)) {
                noteFolder();
            }
            close(leaving);
            if (memory != null) {
                memory.close();
                memory = null;
            }
            if (admin != null) {
                admin.close(CLOSE_WITHIN);
                admin = null;
            }
        }
    }

    private static boolean close(@Nullable KafkaStreams running) {
        // Leaving makes room at once for a process with another state directory.
        return running != null
                && running.close(CloseOptions.timeout(CLOSE_WITHIN)
                        .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    }

    private void noteFolder() {
        try {
            earlierState().note();
        } catch (KafkaException e) {
            LOGGER.atDebug().setCause(e).log("Without a note, Kafka Streams alone judges the folder at the next start");
        }
    }

    private Topology topology() {
        return EpochTopology.of(
                settings.epochs(),
                org.apache.kafka.streams.state.Stores::persistentKeyValueStore,
                this::reader,
                board::topology);
    }

    /** Runs on the thread that failed, which ends afterwards; so waiting here is the pause before the next try. */
    private StreamThreadExceptionResponse handle(Throwable cause) {
        if (!FailurePolicy.isRetryable(cause)) {
            stopped(cause);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        KafkaStreams running = streams;
        if (running != null && FailurePolicy.isLostState(cause)) {
            loseState(running, cause);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        Duration pause = FailurePolicy.pause(board.failed());
        board.trouble(FailurePolicy.message(cause));
        LOGGER.atWarn()
                .addKeyValue("nextTryInMillis", pause.toMillis())
                .setCause(cause)
                .log("Streams application has trouble and tries again");
        return isClosedWithin(pause)
                ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT
                : StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private void stopped(Throwable cause) {
        String message = FailurePolicy.message(cause);
        board.trouble(message);
        LOGGER.atError().setCause(cause).log("Streams application stopped");
        failure.completeExceptionally(new IllegalStateException("The streams application stopped: " + message, cause));
    }

    private boolean isClosedWithin(Duration pause) {
        try {
            return closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private List<NewTopic> topics() {
        Topics names = settings.topics();
        TopicSettings make = settings.topicSettings();
        List<NewTopic> topics = new ArrayList<>();
        names.contracts().forEach(topic -> topics.add(make.compacted(topic)));
        topics.add(make.compacted(names.progress()));
        topics.add(make.compacted(names.patrons()));
        topics.add(make.forVendors(names.epochs()));
        settings.epochs().feedNames().forEach(feed -> topics.add(make.forVendors(names.feed(feed))));
        return topics;
    }

    private void publishContracts() {
        Topics names = settings.topics();
        AvroSerdes serdes = settings.epochs().serdes();
        serdes.publish(names.patrons(), Patron.class);
        serdes.publish(names.epochs(), EpochApplied.class);
        settings.epochs().feedNames().forEach(feed -> serdes.publish(names.feed(feed), FeedEntry.class));
    }
}
