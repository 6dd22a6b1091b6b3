package dev.patronstream.connector;

import dev.patronstream.connector.database.SourceErrors;
import dev.patronstream.connector.epoch.SnapshotNeededException;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.connector.status.StatusBoard;
import dev.patronstream.schemas.lifecycle.Backoff;
import dev.patronstream.schemas.lifecycle.LeaderLease;
import dev.patronstream.schemas.lifecycle.ThisProcess;
import dev.patronstream.schemas.serde.RegistryException;
import dev.patronstream.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures a district: every committed change of its tables reaches the contract topics exactly once, in the order of
 * commits, whole transactions only.
 *
 * <p>Runs on threads of its own between {@link #start} and {@link #close}. What the world does wrong (a dead database, a
 * slow broker) is retried with back-off and shown in the status, and so is what a person has to put right in the
 * database, once it was right: capture is disabled around an update of Aeries, and goes on after it. What else a person
 * has to put right ends it, and {@link #completion} says why. At the first start nothing is retried, so that a wrong
 * address is reported at once. Starting a
 * second connector for the same district fences the first, which then ends. All methods may be called from any thread.
 */
public final class Connector implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Connector.class);
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration STOP = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

    private final ConnectorSettings settings;
    private final InstantSource clock;
    private final String instance;
    private final StatusBoard status = new StatusBoard();
    private final CompletableFuture<Void> completion = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private final Optional<Service> service;
    private Optional<LeaderLease> lease = Optional.empty();
    private volatile @Nullable CaptureRun current;
    private boolean everStarted;
    /** Failures in a row. */
    private int attempts;

    public Connector(ConnectorSettings settings) {
        this(settings, InstantSource.system());
    }

    /** Makes a connector by another clock: it gives the business date and the time of publishing. */
    public Connector(ConnectorSettings settings, InstantSource clock) {
        this(settings, clock, Optional.empty());
    }

    /**
     * What makes a connector a service, several of which can be started: one captures, and the others wait for its end.
     *
     * @param seat what stays the same when the process is started again
     * @param patient whether it waits for what cannot be reached at its start, as it does later on
     */
    public record Service(String seat, boolean patient) {}

    /** Makes a connector that waits for its turn. */
    public Connector(ConnectorSettings settings, Service service) {
        this(settings, InstantSource.system(), Optional.of(service));
    }

    private Connector(ConnectorSettings settings, InstantSource clock, Optional<Service> service) {
        this.service = service;
        this.settings = settings;
        this.clock = clock;
        this.instance = ThisProcess.host() + "/" + UUID.randomUUID();
        this.thread = new Thread(this::supervise, settings.topics().connectorTransactionalId());
    }

    /** Starts to capture; returns at once. */
    public void start() {
        thread.start();
    }

    public ConnectorStatus status() {
        return status.read();
    }

    /** Returns why it has given up; empty while it has not. */
    public Optional<Throwable> failure() {
        return completion.isCompletedExceptionally()
                ? Optional.of(completion.handle((nothing, error) -> error).join())
                : Optional.empty();
    }

    /** Completes when it has ended: normally after {@link #close}, else with the reason. */
    public CompletableFuture<Void> completion() {
        return completion.copy();
    }

    private void supervise() {
        try {
            capture();
        } finally {
            lease.ifPresent(LeaderLease::close);
        }
    }

    /** False when there is no turn any more. */
    private boolean awaitTurn() {
        while (lease.isPresent() && lease.get().term() == 0) {
            if (lease.get().isFenced()) {
                throw fencedBy(settings.topics(), null);
            }
            status.state(new ConnectorStatus.Standby(lease.get().leader()));
            if (await(LOOK)) {
                return false;
            }
        }
        return true;
    }

    private void capture() {
        while (closing.getCount() > 0) {
            CaptureRun run = new CaptureRun(settings, status, clock, instance, everStarted);
            current = run;
            long epochsBefore = status.read().counters().epochs();
            try (run) {
                if (closing.getCount() == 0) {
                    break;
                }
                if (service.isPresent() && lease.isEmpty()) {
                    run.prepare();
                    lease = service.map(one -> new LeaderLease(
                            settings.kafka(),
                            settings.topics().connectorGroup(),
                            settings.topics().progress(),
                            Optional.of(one.seat()),
                            this::stopRun));
                } else if (awaitTurn()) {
                    run.run();
                }
            } catch (Exception | Error e) {
                if (closing.getCount() > 0 && !recover(run, e, epochsBefore)) {
                    return;
                }
            }
        }
        status.state(new ConnectorStatus.Stopped());
        completion.complete(null);
    }

    /** Waits before the next try; false when there must be none. */
    private boolean recover(CaptureRun run, Throwable error, long epochsBefore) {
        everStarted |= run.hasStarted();
        Optional<CaptureException> unfit = SourceErrors.unfit(settings.capture().database(), error);
        boolean waits = everStarted || isPatient(error);
        Optional<CaptureException> end = ending(run, error).or(() -> waits ? Optional.empty() : unfit);
        if (end.isPresent()) {
            fail(end.get());
            return false;
        }
        boolean worked = status.read().counters().epochs() > epochsBefore;
        String reason = unfit.map(known -> String.valueOf(known.getMessage())).orElseGet(() -> reason(error));
        if (error instanceof SnapshotNeededException) {
            LOGGER.atWarn().addKeyValue("reason", reason).log("The tables have to be read again");
            run.close();
            return !await(BACKOFF.after(attempts++));
        }
        if (!waits) {
            fail(new CaptureException("Capture could not start. " + reason, error, CaptureException.Kind.FAILED));
            return false;
        }
        if (worked) {
            attempts = 0;
        }
        Duration pause = BACKOFF.after(attempts++);
        Instant next = clock.instant().plus(pause);
        status.state(new ConnectorStatus.Retrying(reason, attempts, next));
        status.retried();
        LOGGER.atWarn()
                .addKeyValue("attempt", attempts)
                .addKeyValue("pauseMillis", pause.toMillis())
                .addKeyValue("reason", reason)
                .setCause(error)
                .log("Capture was interrupted and will start over from what is committed");
        run.close();
        return !await(pause);
    }

    /** A database that is not reached, or not open yet, is waited for; what was found to be wrong with it is reported. */
    private boolean isPatient(Throwable error) {
        return service.filter(Service::patient).isPresent() && !(error instanceof CaptureException);
    }

    private String reason(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof RegistryException) {
                return String.valueOf(cause.getMessage());
            }
            if (cause instanceof KafkaException) {
                return "The Kafka cluster at " + settings.kafka().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)
                        + " does not answer as it should: " + cause.getMessage();
            }
        }
        return SourceErrors.reason(settings.capture().database(), error);
    }

    /** What ends it whenever it happens; the database is not among it: once it was fit for capture, it is waited for. */
    private Optional<CaptureException> ending(CaptureRun run, Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof CaptureException known && known.kind() == CaptureException.Kind.FENCED) {
                return Optional.of(known);
            }
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return fenced(run, error);
            }
            if (cause instanceof AuthenticationException
                    || cause instanceof AuthorizationException
                    || cause instanceof UnsupportedVersionException) {
                return Optional.of(new CaptureException(
                        "The Kafka cluster refuses the connector: " + cause.getMessage()
                                + " Check its Kafka properties and the rights of its user",
                        error));
            }
            if (cause instanceof Error) {
                return Optional.of(new CaptureException(
                        "Capture ended by an error of the Java process (" + cause
                                + "). Start patronstream again; if it was memory," + " with more of it",
                        error,
                        CaptureException.Kind.FAILED));
            }
            if (cause instanceof IllegalArgumentException || cause instanceof InvalidPartitionsException) {
                return Optional.of(new CaptureException(String.valueOf(cause.getMessage()), error));
            }
        }
        return Optional.empty();
    }

    /**
     * A producer is also refused when the broker has ended a transaction that took too long, after a process was frozen
     * for a while; then nobody else has taken over and this one starts over.
     */
    private Optional<CaptureException> fenced(CaptureRun run, Throwable error) {
        try {
            if (!run.isFenced()) {
                return Optional.empty();
            }
        } catch (Exception unreadable) {
            error.addSuppressed(unreadable);
            return Optional.empty();
        }
        return Optional.of(fencedBy(settings.topics(), error));
    }

    /** Another connector has taken the district while this one was away; to fence it in turn would be wrong. */
    static CaptureException fencedBy(Topics topics, @Nullable Throwable error) {
        return new CaptureException(
                "Another connector of district '" + topics.district()
                        + "' has taken over, so this one stops. Start it again as a spare, which waits until the other one"
                        + " is gone",
                error,
                CaptureException.Kind.FENCED);
    }

    private void fail(CaptureException reason) {
        // The completion tells anyone who runs the connector; in the log it stands once, with its cause.
        LOGGER.atInfo().setCause(reason).log("Capture has ended");
        status.state(new ConnectorStatus.Failed(String.valueOf(reason.getMessage())));
        completion.completeExceptionally(reason);
    }

    private boolean await(Duration pause) {
        try {
            return closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private @Nullable CaptureRun stopRun() {
        CaptureRun run = current;
        if (run != null) {
            run.stop();
        }
        return run;
    }

    /** Stops within seconds; what is not published yet is read again by the next start. */
    @Override
    public void close() {
        closing.countDown();
        CaptureRun run = stopRun();
        try {
            thread.join(GRACE.toMillis());
            if (thread.isAlive() && run != null) {
                run.abort();
                thread.interrupt();
                thread.join(STOP.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            completion.complete(null);
        }
    }
}
