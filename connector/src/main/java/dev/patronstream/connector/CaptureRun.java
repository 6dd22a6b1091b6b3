package dev.patronstream.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.patronstream.connector.capture.CaptureLoop;
import dev.patronstream.connector.capture.CaptureLoop.Snapshot;
import dev.patronstream.connector.capture.PermittedReading;
import dev.patronstream.connector.capture.PollLoop;
import dev.patronstream.connector.capture.Session;
import dev.patronstream.connector.capture.SnapshotReading;
import dev.patronstream.connector.check.CaptureCheck;
import dev.patronstream.connector.check.Polling;
import dev.patronstream.connector.check.TableCatalog;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.engine.Engine;
import dev.patronstream.connector.engine.EventReader;
import dev.patronstream.connector.epoch.Note;
import dev.patronstream.connector.epoch.Publisher;
import dev.patronstream.connector.epoch.SnapshotNeededException;
import dev.patronstream.connector.epoch.TopicContent;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.RowProblem;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.start.Holds;
import dev.patronstream.connector.start.MassDeleteGuard;
import dev.patronstream.connector.start.RollOver;
import dev.patronstream.connector.start.StartPlan;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.connector.status.StatusBoard;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.KafkaAnswers;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicProvisioner;
import dev.patronstream.schemas.topic.TopicWatch;
import dev.patronstream.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session of capture: it fences every earlier one, reads back what is committed, and publishes until it is stopped or
 * something goes wrong. Nothing it remembers outlives it, so whatever goes wrong, the next session starts from
 * what is committed. One thread runs it; {@link #stop} may come from any.
 */
final class CaptureRun implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(CaptureRun.class);
    private static final Duration READ_PATIENCE = Duration.ofSeconds(60);

    private static final Duration LOOK_AT_DATABASE = Duration.ofSeconds(15);
    private static final int MOST_NAMED = 10;

    /** Names the connector that has the district; written beside the position when one takes it. */
    private static final String OWNER_KEY = "owner";

    private static final String INSTANCE = "instance";

    private static final JsonMapper JSON = new JsonMapper();

    private static final RecordForm<String> OWNER = RecordForm.of((topic, bytes) -> owner(bytes));

    private final ConnectorSettings settings;
    private final StatusBoard status;
    private final InstantSource clock;
    private final String instance;
    private final boolean returning;
    private final AvroSerdes serdes;
    private volatile boolean stopping;
    private final CaptureLoop loop = new CaptureLoop(() -> stopping);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private boolean started;
    private Optional<RollOver> rollOver = Optional.empty();
    /** What the gate has read, for the phase that comes next. */
    private @Nullable TopicContent content;

    private volatile @Nullable SourceDatabase database;

    /**
     * @param instance names this connector
     * @param returning whether this connector has had the district before: then it may not take it from another one
     */
    CaptureRun(
            ConnectorSettings settings, StatusBoard status, InstantSource clock, String instance, boolean returning) {
        this.settings = settings;
        this.status = status;
        this.clock = clock;
        this.instance = instance;
        this.returning = returning;
        this.serdes = new AvroSerdes(settings.serdes());
    }

    /**
     * Captures until {@link #stop}.
     *
     * @throws CaptureException if another connector has taken the district since this one had it
     */
    void run() throws SQLException, InterruptedException {
        status.state(new ConnectorStatus.Starting());
        Admin admin = open(Admin.create(new HashMap<>(settings.kafka())));
        ensureTopics(admin);
        if (returning && isFenced()) {
            throw Connector.fencedBy(settings.topics(), null);
        }
        TopicWatch watch = new TopicWatch(admin, settings.wantedTopics(), why -> {
            throw new SnapshotNeededException(why);
        });
        Publisher publisher = open(new Publisher(
                settings.kafka(),
                settings.topics(),
                watch.identities(),
                serdes,
                settings.capture().limits().commitPatience(),
                reason -> {
                    status.waiting(reason);
                    watch.lookNow();
                }));
        publisher.fence();
        // Anyone who took the district between the look and the fence has it; it starts over by itself.
        if (returning && isFenced()) {
            throw Connector.fencedBy(settings.topics(), null);
        }
        String owner = JSON.createObjectNode().put(INSTANCE, instance).toString();
        publisher.note(settings.topics().offsets(), OWNER_KEY, owner.getBytes(StandardCharsets.UTF_8));
        SourceDatabase connected = connect();
        String tableVersions =
                TableCatalog.versions(connected, settings.capture().columns().tables());
        StartPlan plan = plan(connected, watch.identities(), admin);
        started = true;
        report(plan);
        MassDeleteGuard gate = new MassDeleteGuard(
                settings.topics(),
                settings.capture().limits().massDeleteAbove(),
                settings.capture().polling().map(Polling::every).orElse(LOOK_AT_DATABASE),
                publisher,
                open(new Holds(settings.kafka(), settings.topics(), serdes, READ_PATIENCE)),
                status,
                clock);
        Optional<PermittedReading> reading = Optional.empty();
        if (plan.snapshot().isPresent()) {
            reading = passed(plan, gate, connected);
            if (reading.isEmpty()) {
                return;
            }
        } else {
            gate.release();
        }
        Session session = new Session(
                settings.capture(),
                settings.topics(),
                connected,
                plan,
                tableVersions,
                publisher,
                () -> history(watch.identities()),
                status,
                clock);
        Optional<Polling> polling = settings.capture().polling();
        if (polling.isPresent()) {
            connected.close();
            TopicContent held = reading.map(first -> first.content().get()).orElseGet(this::content);
            Optional<PermittedReading> first =
                    reading.map(one -> new PermittedReading(one.reason(), one.approved(), () -> held, one.rollOver()));
            new PollLoop(session, polling.get(), this::reconnect, mapper(plan), watch, () -> stopping)
                    .run(first, held, gate::release);
        } else {
            stream(session, plan, reading, watch, gate::release);
        }
    }

    private void stream(
            Session session,
            StartPlan plan,
            Optional<PermittedReading> permitted,
            TopicWatch watch,
            Runnable snapshotEnded)
            throws SQLException, InterruptedException {
        EventReader events = events(plan);
        Optional<Snapshot> snapshot = permitted.map(allowed -> new Snapshot(
                allowed,
                open(new SnapshotReading(settings.capture().database(), plan.source(), mapper(plan), events))));
        Engine engine = open(new Engine(
                settings.topics(),
                settings.kafka(),
                settings.capture(),
                plan.source(),
                snapshot.isPresent(),
                events,
                loop));
        // Closed before those that hand over: they may be waiting for room.
        open(events);
        loop.run(session, snapshot, engine, events.captured(), watch, snapshotEnded);
    }

    /** Makes the topics that are missing, once the database was found fit. */
    void prepare() throws SQLException {
        status.state(new ConnectorStatus.Starting());
        SourceDatabase connected = connect();
        var unused = CaptureCheck.check(connected, settings.capture());
        ensureTopics(open(Admin.create(new HashMap<>(settings.kafka()))));
    }

    private SourceDatabase connect() throws SQLException {
        return open(reconnect());
    }

    /** The caller closes it. */
    private SourceDatabase reconnect() throws SQLException {
        SourceDatabase connected = settings.capture().connect();
        database = connected;
        return connected;
    }

    private void report(StartPlan plan) {
        status.warnings(plan.source().warnings());
        plan.source().warnings().forEach(warning -> LOGGER.atWarn().log(warning));
        plan.notices().forEach(notice -> status.notice(clock.instant(), notice + "; nothing has to be done"));
        plan.last().flatMap(Progress::getLastSnapshot).ifPresent(status::snapshot);
        status.problems(clock.instant(), plan.position().problems());
        status.epoch(plan.position().epoch(), plan.position().watermarkLsn(), Optional.empty());
    }

    /** Empty when the run was stopped while the snapshot was held. */
    private Optional<PermittedReading> passed(StartPlan plan, MassDeleteGuard gate, SourceDatabase connected)
            throws SQLException, InterruptedException {
        content = content();
        return gate.pass(plan, rollOver, content, connected, () -> stopping)
                .map(approved ->
                        new PermittedReading(plan.snapshot().orElseThrow(), approved, this::contentOnce, rollOver));
    }

    private TopicContent content() {
        try (CommittedTopics reader = reader()) {
            TopicContent loaded = TopicContent.load(reader, settings.topics(), serdes);
            loaded.foreign().stream().limit(MOST_NAMED).forEach(complaint -> {
                status.notice(Instant.now(), "Written over with the snapshot: " + complaint);
                LOGGER.atWarn().addKeyValue("record", complaint).log("A record of something else is written over");
            });
            if (loaded.foreign().size() > MOST_NAMED) {
                status.notice(
                        Instant.now(),
                        "Written over with the snapshot: " + loaded.foreign().size() + " records that cannot be read");
            }
            return loaded;
        }
    }

    /** What the guard has read, given away once, so that nothing keeps it when the snapshot is complete. */
    private TopicContent contentOnce() {
        TopicContent held = Objects.requireNonNull(content, "A session takes one snapshot");
        content = null;
        return held;
    }

    private Note history(Map<String, String> identities) {
        String topic = settings.topics().schemaHistory();
        try (CommittedTopics reader = reader()) {
            return Note.of(reader, topic, identities.get(topic), Long.MAX_VALUE);
        }
    }

    private StartPlan plan(SourceDatabase connected, Map<String, String> identities, Admin admin) throws SQLException {
        Topics topics = settings.topics();
        try (CommittedTopics reader = reader()) {
            Set<String> names = KafkaAnswers.await(admin.listTopics().names());
            StartPlan.Stored stored = StartPlan.Stored.read(reader, topics, serdes, identities, names);
            StartPlan plan = StartPlan.of(stored, CaptureCheck.check(connected, settings.capture()), connected, topics);
            rollOver = RollOver.of(stored, plan.source(), reader, topics, serdes);
            if (rollOver.isPresent()) {
                rollOver.get().requireMeant(connected, plan.source(), settings.acceptedDatabase());
                LOGGER.atInfo()
                        .addKeyValue("from", rollOver.get().from())
                        .addKeyValue("to", rollOver.get().to())
                        .addKeyValue("students", rollOver.get().enrolled().size())
                        .log("The district moves to another database");
            }
            return plan;
        }
    }

    private EventReader events(StartPlan plan) {
        return new EventReader(
                mapper(plan), Math.max(1, settings.capture().limits().maxWaitingRows() / 2));
    }

    private RowMapper mapper(StartPlan plan) {
        RowMapper.Listener listener = new RowMapper.Listener() {
            @Override
            public void read(RowKey row) {
                status.mapped(row);
            }

            @Override
            public void found(RowProblem problem) {
                status.problem(clock.instant(), problem);
            }
        };
        return new RowMapper(plan.source().tables(), listener);
    }

    private void ensureTopics(Admin admin) {
        Topics topics = settings.topics();
        new TopicProvisioner(admin).ensure(settings.wantedTopics());
        for (SourceTable table : settings.capture().columns().tables()) {
            serdes.publish(table.topic(topics), table.contract());
        }
        serdes.publish(topics.progress(), Progress.class);
        serdes.publish(topics.holds(), CaptureHold.class);
    }

    private CommittedTopics reader() {
        return new CommittedTopics(settings.kafka(), READ_PATIENCE);
    }

    /** Refuses what names no connector. What a later version adds takes nothing away from this one. */
    private static String owner(byte[] bytes) {
        try {
            JsonNode name = JSON.readTree(bytes).path(INSTANCE);
            if (!name.isTextual()) {
                throw new IllegalArgumentException("It names no connector");
            }
            return name.textValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether another connector has taken the district since this one started. */
    boolean isFenced() {
        try (CommittedTopics reader = reader()) {
            return reader.newest(settings.topics().offsets(), OWNER, OWNER_KEY)
                    .filter(owner -> !owner.equals(instance))
                    .isPresent();
        }
    }

    /** Whether it came as far as to know what there is to do. */
    boolean hasStarted() {
        return started;
    }

    /** Ends the run soon. */
    void stop() {
        stopping = true;
    }

    /** Breaks off whatever the run waits for in the database. */
    void abort() {
        SourceDatabase connected = database;
        if (connected != null) {
            connected.abort();
        }
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }

    /** Closes what the engine hands over to, then the engine, and the producer last. */
    @Override
    public void close() {
        loop.close();
        for (int i = opened.size() - 1; i >= 0; i--) {
            try {
                opened.get(i).close();
            } catch (Exception e) {
                LOGGER.atWarn().setCause(e).log("A part of the capture could not be closed in order");
            }
        }
        opened.clear();
    }
}
