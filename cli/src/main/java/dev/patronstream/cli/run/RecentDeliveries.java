package dev.patronstream.cli.run;

import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDifference;
import dev.patronstream.schemas.lifecycle.StageThreads;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.ledger.Receipts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last receipts, whichever process wrote them; read again every few seconds. Thread-safe. */
final class RecentDeliveries implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(RecentDeliveries.class);
    private static final int SECONDS = 5;
    private static final int KEPT = 50;
    private static final Duration MONTH = Duration.ofDays(30);
    private static final int KEPT_OF_MONTH = 3_000;

    private final Configuration configuration;
    private final Receipts receipts;
    private final CommittedTopics changes;
    private final ScheduledExecutorService reader = StageThreads.scheduler("recent-deliveries");
    private OptionalLong version = OptionalLong.empty();
    private volatile boolean isRead;
    private volatile List<Delivery> newest = List.of();
    private volatile List<Delivery> month = List.of();

    RecentDeliveries(Configuration configuration, ClusterClients clients) {
        this.configuration = configuration;
        this.receipts = new Receipts(configuration.topics(), clients.kafkaProperties(), clients.avro());
        this.changes = new CommittedTopics(clients.kafkaProperties());
    }

    void start() {
        var unused = reader.scheduleWithFixedDelay(this::read, 0, SECONDS, TimeUnit.SECONDS);
    }

    /** Whether the receipts have been read since the process began. */
    boolean isRead() {
        return isRead;
    }

    List<Delivery> newest() {
        return newest;
    }

    /** Returns those of the last 30 days, newest first, without what is large in them. */
    List<Delivery> month(Instant now) {
        Instant begin = now.minus(MONTH);
        return month.stream()
                .takeWhile(receipt -> receipt.getStartedAt().isAfter(begin))
                .toList();
    }

    /**
     * Returns a receipt in full.
     *
     * @throws org.apache.kafka.common.KafkaException if it is not among the last and the topic cannot be read
     */
    Optional<Delivery> find(String id) {
        return Receipts.find(newest, id).or(() -> Receipts.find(receipts.all(), id));
    }

    private static Delivery small(Delivery receipt) {
        return Delivery.newBuilder(receipt)
                .setColumns(List.of())
                .setRowsPerSite(Map.of())
                .setDifference(receipt.getDifference()
                        .map(change -> DeliveryDifference.newBuilder(change)
                                .setGroups(List.of())
                                .setSamples(Map.of())
                                .build())
                        .orElse(null))
                .build();
    }

    private void read() {
        try {
            OptionalLong now = changes.version(configuration.topics().deliveries());
            if (now.equals(version)) {
                return;
            }
            Set<String> feeds = configuration.deliveries().feeds().stream()
                    .map(FeedSettings::feed)
                    .collect(Collectors.toSet());
            Set<String> known = new HashSet<>();
            AtomicInteger kept = new AtomicInteger();
            // The last ones, and of each feed the last of all and the one the vendor holds, however long ago.
            List<Delivery> all = receipts.all().stream()
                    .filter(receipt -> feeds.contains(receipt.getFeed()))
                    .sorted(Receipts.ORDER.reversed())
                    .toList();
            Instant begin = Instant.now().minus(MONTH);
            month = all.stream()
                    .takeWhile(receipt -> receipt.getStartedAt().isAfter(begin))
                    .limit(KEPT_OF_MONTH)
                    .map(RecentDeliveries::small)
                    .toList();
            newest = all.stream()
                    .filter(receipt -> {
                        boolean first = known.add(receipt.getFeed());
                        boolean held =
                                Receipts.hasArrived(receipt.getResult()) && known.add(receipt.getFeed() + " held");
                        return kept.incrementAndGet() <= KEPT || first || held;
                    })
                    .toList();
            version = now;
            isRead = true;
        } catch (RuntimeException e) {
            // The page goes on to show what was read before; the stages themselves say that Kafka is away.
            LOGGER.atInfo().setCause(e).log("The receipts cannot be read now");
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
        changes.close();
    }
}
