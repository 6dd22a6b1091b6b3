package dev.patronstream.sandbox.life;

import dev.patronstream.sandbox.district.Population;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A seeded stream of what school offices do: plain T-SQL over JDBC to any SQL Server with the sandbox's tables.
 *
 * <p>One event after the other, each a transaction; the same seed on the same tables gives the same events. The
 * district keeps its size ({@link Population}). When the database goes away, life waits for it with growing pauses. An
 * error that waiting does not heal (a statement the server does not know, a missing table) ends it: see {@link
 * #failure()}. Thread-safe.
 */
public final class Life implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Life.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration MOST_BACKLOG = Duration.ofSeconds(1);
    private static final Duration PATIENCE_AT_CLOSE = Duration.ofMillis(700);

    private final LifeSettings settings;
    private final ConnectionSource source;
    private final Consumer<LifeEvent> listener;
    private final Map<LifeKind, Long> counts = new EnumMap<>(LifeKind.class);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Connection connection;
    private volatile @Nullable SQLException failure;
    private long attempts;

    private Life(LifeSettings settings, ConnectionSource source, Consumer<LifeEvent> listener) {
        this.settings = settings;
        this.source = source;
        this.listener = listener;
        this.thread = new Thread(this::run, "life");
        thread.setDaemon(true);
    }

    /**
     * Starts life.
     *
     * @param listener hears of every committed event, on life's own thread; should be quick
     */
    public static Life start(LifeSettings settings, ConnectionSource source, Consumer<LifeEvent> listener) {
        Life life = new Life(settings, source, listener);
        life.thread.start();
        return life;
    }

    /** How many events of each kind there have been, rolled-back ones too. */
    public Map<LifeKind, Long> counts() {
        synchronized (counts) {
            return new EnumMap<>(counts);
        }
    }

    /** How many events there have been. */
    public long total() {
        return counts().values().stream().mapToLong(Long::longValue).sum();
    }

    /** What ended life before it was closed, if anything did. */
    public Optional<SQLException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Stops within a second; what was not committed is rolled back. */
    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join(PATIENCE_AT_CLOSE.toMillis());
            Connection hanging = connection;
            if (thread.isAlive() && hanging != null) {
                // The statement in the air fails, and its transaction with it.
                hanging.abort(Runnable::run);
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOGGER.atWarn().setCause(e).log("The connection of the sandbox's life cannot be cut");
        }
    }

    private void run() {
        if (settings.changesPerSecond() == 0) {
            return;
        }
        Duration pause = SHORTEST_PAUSE;
        while (!isStopped()) {
            long before = total();
            try (Connection opened = source.connect()) {
                connection = opened;
                live(opened);
            } catch (SQLException e) {
                if (isStopped()) {
                    return;
                }
                if (!isHealedByWaiting(e)) {
                    failure = e;
                    LOGGER.atError().setCause(e).log("The sandbox's life has ended: the database refuses its work");
                    return;
                }
                pause = total() > before ? SHORTEST_PAUSE : min(pause.multipliedBy(2), LONGEST_PAUSE);
                LOGGER.atWarn()
                        .addKeyValue("error", e.getErrorCode())
                        .addKeyValue("pauseMillis", pause.toMillis())
                        .log("The sandbox's life waits for the database");
                waitFor(pause.toNanos());
            } finally {
                connection = null;
            }
        }
    }

    /** Runs at the wanted rate. After a delay it catches up a second's worth, not more. */
    private void live(Connection opened) throws SQLException {
        SchoolOffices offices = new SchoolOffices(opened, settings);
        long interval = Math.round(TimeUnit.SECONDS.toNanos(1) / settings.changesPerSecond());
        long due = System.nanoTime();
        while (!isStopped()) {
            if (!offices.isOpen()) {
                waitFor(TimeUnit.SECONDS.toNanos(1));
                offices = new SchoolOffices(opened, settings);
                continue;
            }
            long early = due - System.nanoTime();
            if (early > 0) {
                waitFor(early);
                continue;
            }
            due = Math.max(due + interval, System.nanoTime() - MOST_BACKLOG.toNanos());
            event(offices);
        }
    }

    private void event(SchoolOffices offices) throws SQLException {
        SplittableRandom random = new SplittableRandom(settings.seed() * 1_000_003 + attempts++);
        Optional<LifeEvent> event;
        try {
            event = offices.next(random);
        } catch (SQLException e) {
            if (isConflict(e)) {
                LOGGER.atDebug()
                        .addKeyValue("error", e.getErrorCode())
                        .log("An event of the sandbox's life met another writer and did not happen");
                return;
            }
            throw e;
        }
        event.ifPresent(happened -> {
            synchronized (counts) {
                counts.merge(happened.kind(), 1L, Long::sum);
            }
            if (happened.kind() != LifeKind.ROLLED_BACK) {
                listener.accept(happened);
            }
        });
    }

    /** Deadlock victim, lock time-out, snapshot conflict, key taken by somebody else. */
    private static boolean isConflict(SQLException e) {
        return switch (e.getErrorCode()) {
            case 1205, 1222, 3960, 2601, 2627 -> true;
            default -> false;
        };
    }

    /**
     * Whether the database is away, or going away, rather than refusing the work: no answer (class 08, error 0), shutting
     * down or not yet open (596, 4060, 6005, 18401), connection reset by the server.
     */
    private static boolean isHealedByWaiting(SQLException e) {
        String state = e.getSQLState();
        boolean lost = state != null && state.startsWith("08");
        return lost
                || switch (e.getErrorCode()) {
                    case 0, 596, 4060, 6005, 18401 -> true;
                    default -> false;
                };
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void waitFor(long nanos) {
        try {
            if (stopped.await(nanos, TimeUnit.NANOSECONDS)) {
                LOGGER.atDebug().log("The sandbox's life was asked to stop");
            }
        } catch (InterruptedException e) {
            stopped.countDown();
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
