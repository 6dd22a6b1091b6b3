package dev.patronstream.connector;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.patronstream.connector.Handoff.Batch;
import dev.patronstream.connector.Handoff.Message;
import dev.patronstream.connector.Handoff.Restart;
import dev.patronstream.connector.epoch.CommittedReader;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.epoch.Publisher;
import dev.patronstream.connector.epoch.StreamAssembly;
import dev.patronstream.connector.epoch.TopicContent;
import dev.patronstream.connector.row.Captured;
import dev.patronstream.connector.row.EventReader;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.RowProblem;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.source.CaptureCheck;
import dev.patronstream.connector.source.Engine;
import dev.patronstream.connector.source.SourceDatabase;
import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.TopicProvisioner;
import dev.patronstream.schemas.TopicSettings;
import dev.patronstream.schemas.Topics;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of capture: it fences whoever came before, reads back what is committed, and publishes until it is stopped or
 * something goes wrong. Nothing it remembers outlives it, so whatever goes wrong, the next life starts from what is
 * committed. One thread runs it; {@link #stop} may come from any.
 */
final class CaptureRun implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(CaptureRun.class);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration READ_PATIENCE = Duration.ofSeconds(60);
    private static final String OWNER = "owner";

    private final ConnectorSettings settings;
    private final StatusBoard status;
    private final InstantSource clock;
    private final String instance;
    private final AvroSerdes serdes;
    private final Handoff handoff = new Handoff();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private volatile boolean stopping;
    private boolean started;
    private Optional<RollOver> rollOver = Optional.empty();
    private volatile @Nullable SourceDatabase database;

    CaptureRun(ConnectorSettings settings, StatusBoard status, InstantSource clock, String instance) {
        this.settings = settings;
        this.status = status;
        this.clock = clock;
        this.instance = instance;
        this.serdes = new AvroSerdes(settings.serdes());
    }

    /** Captures until {@link #stop}. */
    void run() throws SQLException, InterruptedException {
        status.state(new ConnectorStatus.Starting());
        ensureTopics();
        Publisher publisher = open(new Publisher(
                kafka(), settings.topics(), serdes, settings.limits().commitPatience(), status::waiting));
        publisher.fence();
        publisher.note(
                OWNER,
                JsonText.of(
                        Map.of("instance", instance, "since", clock.instant().toString())));
        SourceDatabase connected = open(SourceDatabase.connect(settings.database()));
        database = connected;
        StartPlan plan = plan(connected);
        status.warnings(plan.source().warnings());
        plan.source().warnings().forEach(warning -> LOGGER.atWarn().log(warning));
        EpochWriter writer =
                new EpochWriter(publisher, plan.position(), plan.last(), clock, settings.timeZone(), status);
        status.epoch(plan.position().epoch(), plan.position().watermarkLsn(), Optional.empty());
        Session session = new Session(settings, connected, plan.source(), writer, status, clock);
        Engine engine = open(engine(plan));
        engine.start();
        started = true;
        publish(session, plan, engine);
    }

    private void publish(Session session, StartPlan plan, Engine engine) throws SQLException, InterruptedException {
        Optional<String> snapshot = plan.snapshot();
        Phase phase = new AwaitingEngine();
        while (!stopping) {
            Message message = handoff.next(LOOK);
            if (message instanceof Restart restart) {
                phase = begin(session, snapshot.filter(reason -> !isSnapshotDone(session, plan)));
                restart.answer()
                        .complete(
                                phase instanceof StreamPhase
                                        ? Optional.of(
                                                session.writer().position().watermarkLsn())
                                        : Optional.empty());
            } else if (message instanceof Batch batch) {
                for (Captured captured : batch.captured()) {
                    phase.accept(captured);
                }
            } else if (engine.isEnded()) {
                throw engine.failure()
                        .map(CaptureRun::asUnchecked)
                        .orElseGet(() -> new IllegalStateException("Debezium's engine has ended without a reason"));
            }
            phase = phase.settle(handoff.hasMore());
        }
    }

    private static boolean isSnapshotDone(Session session, StartPlan plan) {
        return session.writer().position().epoch() > plan.position().epoch();
    }

    private static RuntimeException asUnchecked(Throwable failure) {
        return failure instanceof RuntimeException unchecked ? unchecked : new EngineFailedException(failure);
    }

    /** The phase after the engine has started to read, or to read again: what it handed over before is forgotten. */
    private Phase begin(Session session, Optional<String> snapshot) {
        if (snapshot.isPresent()) {
            try (CommittedReader reader = reader()) {
                TopicContent content = TopicContent.load(reader, settings.topics(), serdes);
                return new SnapshotPhase(session, snapshot.get(), content, rollOver);
            }
        }
        Position position = session.writer().position();
        return new StreamPhase(
                session,
                new StreamAssembly(
                        position.watermarkLsn(),
                        position.split(),
                        settings.limits().maxRows()));
    }

    private StartPlan plan(SourceDatabase connected) throws SQLException {
        try (CommittedReader reader = reader()) {
            Topics topics = settings.topics();
            Optional<Position> position = Optional.ofNullable(
                            reader.last(topics.offsets(), Set.of(Position.KEY)).get(Position.KEY))
                    .map(Position::of);
            Optional<Progress> progress = Optional.ofNullable(reader.last(topics.progress(), Set.of(Keys.PROGRESS))
                            .get(Keys.PROGRESS))
                    .map(value -> serdes.deserializer(Progress.class).deserialize(topics.progress(), value));
            StartPlan.Stored stored = new StartPlan.Stored(position, progress);
            StartPlan plan = StartPlan.of(
                    stored,
                    CaptureCheck.check(connected, settings.database(), settings.columns()),
                    connected,
                    reader,
                    topics);
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

    private Engine engine(StartPlan plan) {
        EventReader events = new EventReader(new RowMapper(plan.source().tables(), this::problem));
        return new Engine(
                new Engine.Settings(
                        settings.topics(),
                        settings.database(),
                        settings.kafka(),
                        settings.limits().pollInterval(),
                        settings.limits().maxWaitingRows(),
                        settings.engine()),
                plan.source(),
                events,
                handoff,
                handoff);
    }

    private void problem(RowProblem problem) {
        status.count(now -> now.withProblems(now.problems() + 1));
        LOGGER.atWarn()
                .addKeyValue("table", problem.table())
                .addKeyValue("column", problem.column())
                .addKeyValue("key", problem.key())
                .addKeyValue("reason", problem.reason())
                .log(problem.withheld() ? "A row is left out" : "A field is left empty");
    }

    private void ensureTopics() {
        Topics topics = settings.topics();
        TopicSettings make = settings.topicSettings();
        List<NewTopic> wanted = new ArrayList<>();
        topics.contracts().forEach(topic -> wanted.add(make.compacted(topic)));
        wanted.add(make.compacted(topics.progress()));
        wanted.add(make.compacted(topics.offsets()));
        wanted.add(make.permanent(topics.schemaHistory()));
        try (Admin admin = Admin.create(kafka())) {
            new TopicProvisioner(admin).ensure(wanted);
        }
        for (SourceTable table : SourceTable.values()) {
            publishContract(table.topic(topics), table.contract());
        }
        publishContract(topics.progress(), Progress.class);
    }

    private <T extends SpecificRecord> void publishContract(String topic, Class<T> type) {
        serdes.publish(topic, type);
    }

    private CommittedReader reader() {
        return new CommittedReader(kafka(), READ_PATIENCE);
    }

    private Map<String, Object> kafka() {
        return new HashMap<>(settings.kafka());
    }

    /** Whether another connector has taken the district since this one started. */
    boolean isSuperseded() throws IOException {
        try (CommittedReader reader = reader()) {
            byte[] owner =
                    reader.last(settings.topics().offsets(), Set.of(OWNER)).get(OWNER);
            return owner != null
                    && !instance.equals(
                            new JsonMapper().readTree(owner).path("instance").asText());
        }
    }

    /** Whether it failed before it began to read. */
    boolean hasNotStarted() {
        return !started;
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

    /** Closes the engine first, so that nothing more comes, and the producer last. */
    @Override
    public void close() {
        handoff.close();
        for (int i = opened.size() - 1; i >= 0; i--) {
            try {
                opened.get(i).close();
            } catch (Exception e) {
                LOGGER.atWarn().setCause(e).log("A part of the capture could not be closed in order");
            }
        }
        opened.clear();
    }

    /** Before the engine asks for its offset it hands nothing over. */
    private static final class AwaitingEngine implements Phase {
        @Override
        public void accept(Captured captured) {
            throw new IllegalStateException("The engine handed rows over before it asked where to begin");
        }

        @Override
        public Phase settle(boolean moreWaits) {
            return this;
        }
    }
}
