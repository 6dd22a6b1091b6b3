package dev.patronstream.snapshotter;

import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.lifecycle.LeaderLease;
import dev.patronstream.schemas.lifecycle.StageThreads;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.TopicProvisioner;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.delivery.Decider;
import dev.patronstream.snapshotter.delivery.DecisionRefusedException;
import dev.patronstream.snapshotter.delivery.DeliveryContext;
import dev.patronstream.snapshotter.delivery.SnapshotFailedException;
import dev.patronstream.snapshotter.feed.SnapshotterSettings;
import dev.patronstream.snapshotter.file.DeliveryId;
import dev.patronstream.snapshotter.ledger.Archive;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import dev.patronstream.snapshotter.ledger.Pauses;
import dev.patronstream.snapshotter.ledger.Receipts;
import dev.patronstream.snapshotter.notice.DeliveryListener;
import dev.patronstream.snapshotter.settings.InvalidSettingsException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the feeds of a district: by their schedules after {@link #start}, or one at a time by {@link #snapshot}.
 *
 * <p>Every attempt leaves a receipt in the topic of deliveries, and either the vendor's old file or the new one, never a
 * part. Different feeds are delivered side by side, one feed one attempt at a time; a second snapshotter of the same feed
 * fences the first. Thread-safe.
 */
public final class Snapshotter implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Snapshotter.class);
    private static final long TICK_MILLIS = 500;
    private static final long PAUSES_SECONDS = 5;
    private static final long TOPICS_SECONDS = 10;
    private static final long CHANGES_SECONDS = 2;
    private static final long SECONDS_TO_FINISH = 5;

    private final SnapshotterSettings settings;
    private final AvroSerdes serdes;
    private final Archive archive;
    private final Receipts receipts;
    private final Pauses pauses;
    private final List<FeedRunner> runners;
    private final ScheduledExecutorService ticker = StageThreads.scheduler("snapshotter-schedule");
    private final ScheduledExecutorService looker = StageThreads.scheduler("snapshotter-looker");
    private final ExecutorService workers = Executors.newCachedThreadPool(StageThreads.daemons("snapshotter-delivery"));
    private Optional<LeaderLease> charge = Optional.empty();
    private Optional<CommittedTopics> changes = Optional.empty();
    private OptionalLong receiptsSeen = OptionalLong.empty();
    /** Feeds whose receipts are to be looked at again; for the looker alone. */
    private final Set<String> unseen = new HashSet<>();

    private boolean prepared;
    private final Map<String, Long> resumedTerms = new HashMap<>();

    /** The term in which nothing is left open any more by those before; for the ticker alone. */
    private long takenOver;

    /**
     * Makes a snapshotter; connects to nothing yet.
     *
     * @throws InvalidSettingsException if the settings cannot work, with every problem
     */
    public Snapshotter(SnapshotterSettings settings, Clock clock, DeliveryListener listener) {
        this(settings, clock, System::nanoTime, listener);
    }

    /** As the public constructor, with a monotonic clock, by which waits are measured. */
    Snapshotter(SnapshotterSettings settings, Clock clock, LongSupplier nanos, DeliveryListener listener) {
        InvalidSettingsException.throwIfAny(settings.problems());
        this.settings = settings;
        this.serdes = new AvroSerdes(settings.registry());
        this.archive = settings.archive();
        this.receipts = new Receipts(settings.topics(), settings.kafka(), serdes);
        this.pauses = new Pauses(settings.topics(), settings.topicSettings(), settings.kafka(), serdes);
        this.runners = settings.feeds().stream()
                .map(feed ->
                        new FeedRunner(new DeliveryContext(settings, feed, serdes, clock), pauses, listener, nanos))
                .toList();
    }

    /**
     * Makes the topics of receipts where they are missing, and starts the schedules. A slot that was missed since a
     * feed's last receipt is caught up once. Of several snapshotters of a district one carries out the schedules,
     * and another one takes over when it is gone.
     *
     * @throws org.apache.kafka.common.KafkaException if the cluster cannot be reached
     */
    public synchronized void start() {
        prepare();
        pauses.refresh();
        if (isSettled()) {
            runners.forEach(runner -> runner.resume(receipts.of(runner.feed())));
        }
        changes = Optional.of(new CommittedTopics(settings.kafka()));
        charge = Optional.of(new LeaderLease(
                settings.kafka(),
                settings.topics().snapshotterGroup(),
                settings.topics().deliveries(),
                Optional.empty(),
                () -> {}));
        var unusedTick = ticker.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        // An order that is given or taken back elsewhere counts within seconds.
        look(pauses::refresh, PAUSES_SECONDS, "The orders to pause cannot be read now; they are read again");
        look(this::seeReceipts, PAUSES_SECONDS, "What people decided elsewhere cannot be seen now; it is tried again");
        // A topic that is deleted is made again; without that of receipts no snapshotter can lead.
        look(
                this::makeTopics,
                TOPICS_SECONDS,
                "Whether the topics are there cannot be seen now; it is looked at again");
        runners.stream()
                .filter(FeedRunner::deliversOnChange)
                .forEach(runner -> look(
                        () -> seeChange(runner),
                        CHANGES_SECONDS,
                        "Whether feed '" + runner.feed() + "' has changed cannot be seen now; it is looked at again"));
        LOGGER.atInfo().addKeyValue("feeds", runners.size()).log("The snapshotter is running");
    }

    /**
     * Takes one snapshot of a feed now, on the caller's thread; the receipt says whether the vendor got the file.
     *
     * @throws IllegalArgumentException if there is no feed of that name
     * @throws SnapshotFailedException if it failed in a way that left no receipt
     */
    public Delivery snapshot(String feed, SnapshotOptions options) {
        return runner(feed).snapshot(options, options.dryRun().isPresent() ? () -> {} : this::prepare);
    }

    /**
     * Sends a held file, whatever speaks against it, on the caller's thread: the very file that was held. The receipt
     * says whether the vendor got it.
     *
     * @throws DecisionRefusedException if it is not the newest file, or not there, or does not wait
     * @throws SnapshotFailedException if it failed in a way that left no receipt
     */
    public Delivery approve(String id, Decider by) {
        return prepared(id).order(orders -> orders.approve(id, by));
    }

    /**
     * Refuses a file that is held, or was approved and did not arrive: it is never sent, and until something else has
     * been delivered the same file is not put before a person again.
     *
     * @throws DecisionRefusedException if there is nothing of it to refuse
     */
    public Delivery reject(String id, Decider by) {
        return prepared(id).order(orders -> orders.reject(id, by));
    }

    /**
     * Sends the file of an earlier delivery once more, on the caller's thread, under a receipt of its own.
     *
     * @throws DecisionRefusedException if the vendor never had the file, or it is not there any more
     */
    public Delivery resend(String id, Decider by) {
        return prepared(id).order(orders -> orders.resend(id, by));
    }

    /**
     * Notes in a receipt how many records the vendor says it has read.
     *
     * @throws DecisionRefusedException if the vendor did not get the file
     */
    public Delivery confirm(String id, long recordsRead) {
        return prepared(id).confirm(id, recordsRead);
    }

    private FeedRunner runner(String feed) {
        return runners.stream()
                .filter(candidate -> candidate.feed().equals(feed))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no feed '" + feed + "'; there are: "
                        + runners.stream().map(FeedRunner::feed).collect(Collectors.joining(", "))));
    }

    private FeedRunner prepared(String id) {
        FeedRunner runner = runners.stream()
                .filter(candidate -> DeliveryId.isOf(candidate.feed(), id))
                .findFirst()
                .orElseThrow(() -> new DecisionRefusedException("There is no delivery " + id + " of a configured feed;"
                        + " `patronstream deliveries` lists them"));
        prepare();
        return runner;
    }

    public SnapshotterStatus status() {
        return new SnapshotterStatus(runners.stream().map(FeedRunner::status).toList(), term() > 0);
    }

    /** Returns the folder with the local copies of a delivery; it may have been cleared away by newer ones. */
    public Path archived(Delivery delivery) {
        return archive.folderOf(delivery.getFeed(), delivery.getId());
    }

    /**
     * Stops the schedules, and anyone who takes a snapshot. A delivery under way gets a few seconds, then it is interrupted:
     * its receipt says so, and the next start sees to it.
     */
    @Override
    public void close() {
        // Not interrupted: it may be reading receipts.
        ticker.shutdown();
        looker.shutdown();
        workers.shutdown();
        boolean interrupted = false;
        try {
            for (FeedRunner runner : runners) {
                runner.stop(Duration.ofSeconds(SECONDS_TO_FINISH));
            }
            workers.awaitTermination(SECONDS_TO_FINISH, TimeUnit.SECONDS);
            // Not waited for without end: it may be reading from a cluster that is gone.
            ticker.awaitTermination(SECONDS_TO_FINISH, TimeUnit.SECONDS);
            looker.awaitTermination(SECONDS_TO_FINISH, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            workers.shutdownNow();
            interrupted = true;
        }
        closeParts();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void closeParts() {
        charge.ifPresent(LeaderLease::close);
        changes.ifPresent(CommittedTopics::close);
    }

    /** Whether the receipts can be read at once. One that was killed in a transaction keeps readers waiting. */
    private boolean isSettled() {
        try (CommittedTopics reader = new CommittedTopics(settings.kafka())) {
            return reader.isSettled(settings.topics().deliveries());
        }
    }

    /** Who leads ends what the one before has left open, rather than wait until it times out. */
    private void takeOver(long term) {
        if (term != takenOver && !isSettled()) {
            LOGGER.atInfo().log("A snapshotter was killed in a transaction, which is ended now");
            runners.forEach(runner -> DeliveryLedger.endLeftOpen(settings.topics(), runner.feed(), settings.kafka()));
        }
        takenOver = term;
    }

    /** What one feed throws must not end the schedules of all. */
    private void tick() {
        long term = term();
        if (term == 0) {
            return;
        }
        try {
            takeOver(term);
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .setCause(e)
                    .log("What another snapshotter left open cannot be ended now; it is tried again");
            return;
        }
        for (FeedRunner runner : runners) {
            try {
                if (resumedTerms.getOrDefault(runner.feed(), 0L) != term) {
                    List<Delivery> all = receipts.of(runner.feed());
                    runner.resume(all);
                    var unusedSeen = runner.see(all);
                    resumedTerms.put(runner.feed(), term);
                }
                runner.tick(workers);
            } catch (RuntimeException e) {
                LOGGER.atError()
                        .addKeyValue("feed", runner.feed())
                        .setCause(e)
                        .log("The schedule of a feed failed; it is tried again");
            }
        }
    }

    private synchronized long term() {
        return charge.map(LeaderLease::term).orElse(0L);
    }

    /** Looks again and again; what the look throws must not end it. */
    private void look(Runnable look, long seconds, String failure) {
        var unused = looker.scheduleWithFixedDelay(
                () -> {
                    try {
                        look.run();
                    } catch (RuntimeException e) {
                        LOGGER.atInfo().setCause(e).log(failure);
                    }
                },
                seconds,
                seconds,
                TimeUnit.SECONDS);
    }

    /** Nothing is read; who delivers on change asks for the state behind it. */
    private void seeChange(FeedRunner runner) {
        changes.ifPresent(
                look -> look.version(settings.topics().feed(runner.feed())).ifPresent(runner::see));
    }

    /** What a person decides or confirms is written by the process of the command; the leading snapshotter tells of it. */
    private void seeReceipts() {
        OptionalLong version = changes.map(
                        look -> look.version(settings.topics().deliveries()))
                .orElse(OptionalLong.empty());
        if (term() == 0) {
            return;
        }
        boolean news = !version.equals(receiptsSeen);
        for (FeedRunner runner : runners) {
            boolean leftOver =
                    unseen.contains(runner.feed()) && !runner.status().running();
            if (news || leftOver) {
                boolean seen = runner.see(receipts.of(runner.feed()));
                var unusedChange = seen ? unseen.remove(runner.feed()) : unseen.add(runner.feed());
            }
        }
        receiptsSeen = version;
    }

    private synchronized void prepare() {
        if (!prepared) {
            makeTopics();
            Topics topics = settings.topics();
            serdes.publish(topics.deliveries(), Delivery.class);
            serdes.publish(topics.feedStates(), FeedState.class);
            runners.forEach(runner -> serdes.publish(topics.delivered(runner.feed()), DeliveredRow.class));
            prepared = true;
        }
    }

    private void makeTopics() {
        Topics topics = settings.topics();
        List<NewTopic> needed = new ArrayList<>();
        needed.add(settings.topicSettings().compacted(topics.deliveries()));
        needed.add(settings.topicSettings().compacted(topics.feedStates()));
        runners.forEach(runner -> needed.add(settings.topicSettings().compacted(topics.delivered(runner.feed()))));
        try (Admin admin = Admin.create(settings.kafka())) {
            new TopicProvisioner(admin).ensure(needed);
        }
    }
}
