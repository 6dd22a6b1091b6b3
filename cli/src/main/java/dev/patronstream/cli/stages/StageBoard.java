package dev.patronstream.cli.stages;

import dev.patronstream.cli.web.TimeWords;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.StageInstance;
import dev.patronstream.schemas.StageReport;
import dev.patronstream.schemas.StageState;
import dev.patronstream.schemas.lifecycle.ThisProcess;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedConsumer;
import dev.patronstream.schemas.topic.KafkaAnswers;
import dev.patronstream.schemas.topic.TopicProvisioner;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every process of a district how the stages of all of them are doing: writes what the stages of this process say
 * to the district's topic of stages, and reads what the others say.
 *
 * <p>What this process says counts here at once, whether it can be written or not; that it cannot is said by
 * {@link #trouble()}. The topic is made when a stage has got beyond its start, so that nothing is made for a district
 * that turns out unfit. Thread-safe.
 */
public final class StageBoard implements AutoCloseable {

    /** How often a stage says something, even if nothing has changed. */
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final Logger LOGGER = LoggerFactory.getLogger(StageBoard.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration LEAST_BETWEEN_CHANGES = Duration.ofSeconds(1);
    private static final int BLOCK_MILLIS = 5_000;
    private static final long SECONDS_BETWEEN_TRIES = 2;
    private static final long SECONDS_TO_FINISH = 5;

    private final String topic;
    private final TopicSettings topicSettings;
    private final Map<String, String> kafka;
    private final AvroSerdes serdes;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final TopicPartition partition;
    private final StageMemory memory;
    private final Map<String, OwnStage> own = new TreeMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::work, "stage-board");
    private StageInstance self;
    private List<String> alerts = List.of();
    private Optional<LocalDate> summary = Optional.empty();
    private Optional<String> failure = Optional.empty();
    private boolean topicIsNotMadeYet = true;
    private long nextOffset;

    /**
     * Makes a board; connects to nothing yet.
     *
     * @param kafka properties of every Kafka client
     * @param self this process
     */
    public StageBoard(
            Topics topics,
            TopicSettings topicSettings,
            Map<String, String> kafka,
            AvroSerdes serdes,
            StageInstance self) {
        this(topics, topicSettings, kafka, serdes, self, InstantSource.system(), System::nanoTime);
    }

    StageBoard(
            Topics topics,
            TopicSettings topicSettings,
            Map<String, String> kafka,
            AvroSerdes serdes,
            StageInstance self,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.topic = topics.stages();
        this.topicSettings = topicSettings;
        this.kafka = Map.copyOf(kafka);
        this.serdes = serdes;
        this.self = self;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.partition = new TopicPartition(topic, 0);
        this.memory = new StageMemory(nanoTime);
        thread.setDaemon(true);
    }

    /**
     * Returns who this process is.
     *
     * @param sendsAlerts whether it knows how to reach people
     */
    public static StageInstance thisProcess(boolean sendsAlerts) {
        ProcessHandle process = ProcessHandle.current();
        return StageInstance.newBuilder()
                .setHost(ThisProcess.host())
                .setPid(process.pid())
                .setStartedAt(
                        process.info().startInstant().orElseGet(Instant::now).truncatedTo(ChronoUnit.MILLIS))
                .setVersion(Optional.ofNullable(StageBoard.class.getPackage().getImplementationVersion())
                        .orElse("development"))
                .setSendsAlerts(sendsAlerts)
                .build();
    }

    public void start() {
        thread.start();
    }

    /** Says how a stage of this process is doing, until something else is said of it. */
    public void report(String stage, StageReport.Builder words) {
        report(stage, () -> words);
    }

    /** Asks from now on how a stage of this process is doing; the answer must come from memory. */
    public synchronized void report(String stage, Supplier<StageReport.Builder> asked) {
        own.computeIfAbsent(stage, name -> new OwnStage(name, clock, nanoTime)).asked(asked);
    }

    public synchronized void servedAt(String statusUrl) {
        self = StageInstance.newBuilder(self).setStatusUrl(statusUrl).build();
    }

    /** Says which stages an alert has been sent about that is not over. */
    public synchronized void alerted(List<String> stages) {
        alerts = List.copyOf(stages);
    }

    /** Says of which day people got the last summary. */
    public synchronized void summarized(Optional<LocalDate> day) {
        summary = day;
    }

    /** Whether what other processes said before this one began has been read. */
    public synchronized boolean hears() {
        return memory.hears();
    }

    public synchronized StageInstance self() {
        return self;
    }

    /** Returns the last words of every stage and instance; those of this process are of this moment. */
    public synchronized List<Heard> all() {
        Map<String, Heard> all = new TreeMap<>();
        memory.all().forEach(heard -> all.put(StageMemory.key(heard.report()), heard));
        own.values().forEach(stage -> {
            StageReport report = stage.report(self, alerts, summary);
            all.put(StageMemory.key(report), new Heard(report, Duration.ZERO, Duration.ZERO, false));
        });
        return new ArrayList<>(all.values());
    }

    public synchronized DistrictView district(ZoneId zone) {
        Instant now = clock.instant();
        return new DistrictView(all(), self, this::absence, now, new TimeWords(zone, now));
    }

    /** While there is no topic, nobody has said anything: that is known, and lasts. */
    private Duration absence(String stage) {
        return topicIsNotMadeYet && failure.isEmpty() ? memory.blind() : memory.absence(stage);
    }

    /** Returns why it is not known how other processes are doing; empty while it is. */
    public synchronized Optional<String> trouble() {
        if (isBlind() && !(topicIsNotMadeYet && failure.isEmpty())) {
            return Optional.of("How other processes are doing has not been known for "
                    + memory.blind().toMinutes() + " min: what this process writes to the topic " + topic
                    + " does not come back (" + failure.orElse("no answer")
                    + "). Check Kafka, and the rights to write and read that topic");
        }
        return Optional.empty();
    }

    private synchronized boolean isBlind() {
        return memory.blind().compareTo(Heard.SILENT_AFTER) >= 0;
    }

    /** Says that every stage of this process has been stopped in good order, and ends. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(Duration.ofSeconds(SECONDS_TO_FINISH).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        while (closed.getCount() > 0) {
            try {
                if (isTopicThere()) {
                    serve();
                }
            } catch (OffsetOutOfRangeException e) {
                // Made again, or cut: what was read of the one before is not true of this one.
                startAgain();
            } catch (RuntimeException e) {
                // An error ends the thread, and the process with it: without the board a district would be shown as it
                // was.
                failed(e);
            }
            rest();
        }
    }

    private synchronized void startAgain() {
        memory.forget();
        nextOffset = 0;
    }

    private synchronized void failed(Throwable why) {
        Optional<String> text = Optional.of(
                Objects.requireNonNullElse(why.getMessage(), why.getClass().getSimpleName()));
        if (!text.equals(failure)) {
            LOGGER.atWarn()
                    .addKeyValue("topic", topic)
                    .setCause(why)
                    .log("How the stages are doing cannot be written or read; it is tried again");
        }
        failure = text;
    }

    private void rest() {
        try {
            var unused = closed.await(SECONDS_BETWEEN_TRIES, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    /** Makes the topic as soon as a stage has got beyond its start. */
    private boolean isTopicThere() {
        boolean beyondStart;
        synchronized (this) {
            beyondStart = own.values().stream().anyMatch(OwnStage::isBeyondStart);
        }
        try (Admin admin = Admin.create(impatient())) {
            if (beyondStart) {
                new TopicProvisioner(admin).ensure(List.of(topicSettings.newestOfDay(topic)));
                serdes.publish(topic, StageReport.class);
            }
            boolean there = KafkaAnswers.await(admin.listTopics().names()).contains(topic);
            synchronized (this) {
                topicIsNotMadeYet = !there;
                failure = Optional.empty();
            }
            return there;
        }
    }

    /** Clients that do not wait a minute for a topic that was deleted a moment ago. */
    private Map<String, Object> impatient() {
        Map<String, Object> client = new HashMap<>(kafka);
        client.put("default.api.timeout.ms", 2 * BLOCK_MILLIS);
        client.put("request.timeout.ms", BLOCK_MILLIS);
        return client;
    }

    private void serve() {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, BLOCK_MILLIS);
        // What is older than a heartbeat has been replaced by the next one.
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) HEARTBEAT.toMillis());
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        try (Producer<String, StageReport> producer =
                        new KafkaProducer<>(properties, new StringSerializer(), serdes.serializer(StageReport.class));
                CommittedConsumer<String, byte[]> consumer =
                        new CommittedConsumer<>(impatient(), new StringDeserializer(), new ByteArrayDeserializer());
                var deserializer = serdes.deserializer(StageReport.class)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, firstToRead(consumer));
            long since = nanoTime.getAsLong();
            while (closed.getCount() > 0) {
                writeDue(producer);
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    hear(record, deserializer);
                }
                nextOffset = consumer.position(partition);
                if (isBlind() && nanoTime.getAsLong() - since > Heard.SILENT_AFTER.toNanos()) {
                    // The topic may have been deleted, or be another one by now.
                    return;
                }
            }
            takeLeave(producer);
        }
    }

    /** Old ones are removed from the topic, so that the place where this left off may be gone in good order. */
    private long firstToRead(CommittedConsumer<String, byte[]> consumer) {
        long beginning = consumer.beginningOffsets(List.of(partition)).get(partition);
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        if (nextOffset > end) {
            startAgain();
        }
        return Math.max(beginning, nextOffset);
    }

    private void hear(ConsumerRecord<String, byte[]> record, Deserializer<StageReport> deserializer) {
        Instant appended = Instant.ofEpochMilli(record.timestamp());
        if (isOwn(record.key())) {
            // It is heard as well: an instance of its stage that died before it began has been replaced by it.
            echo(appended);
        }
        Optional<StageReport> report;
        try {
            report = Optional.ofNullable(record.value()).map(value -> deserializer.deserialize(topic, value));
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("offset", record.offset())
                    .setCause(e)
                    .log("A record of the topic of stages cannot be read and is passed over");
            return;
        }
        synchronized (this) {
            memory.hear(record.key(), report, record.offset(), appended);
        }
    }

    private synchronized boolean isOwn(String key) {
        return own.keySet().stream().anyMatch(stage -> Keys.stage(stage, self).equals(key));
    }

    private synchronized void echo(Instant appended) {
        memory.echo(appended);
        failure = Optional.empty();
    }

    private synchronized void writeDue(Producer<String, StageReport> producer) {
        for (OwnStage stage : own.values()) {
            stage.due(self, alerts, summary, HEARTBEAT, LEAST_BETWEEN_CHANGES).ifPresent(report -> {
                var unused = producer.send(
                        new ProducerRecord<>(topic, 0, StageMemory.key(report), report), (written, error) -> {
                            if (error == null) {
                                joined(written.offset());
                            } else {
                                failed(error);
                            }
                        });
            });
        }
    }

    private synchronized void joined(long offset) {
        if (self.getJoinedAtOffset().isEmpty()) {
            self = StageInstance.newBuilder(self).setJoinedAtOffset(offset).build();
        }
    }

    private void takeLeave(Producer<String, StageReport> producer) {
        synchronized (this) {
            for (OwnStage stage : own.values()) {
                StageReport last = stage.report(self, alerts, summary);
                // One that has given up stays to be seen, until another one takes its place.
                if (last.getState() != StageState.FAILED) {
                    var unused = producer.send(new ProducerRecord<>(topic, 0, StageMemory.key(last), null));
                }
            }
        }
        producer.flush();
    }
}
