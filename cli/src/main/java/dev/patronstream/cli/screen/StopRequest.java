package dev.patronstream.cli.screen;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Someone wants the process to stop: Ctrl-C or SIGTERM.
 *
 * <p>The command's own thread sees it, closes what it has opened in its own order, and tells how it went; the process
 * waits until the command is over, which {@link #close()} says. Thread-safe.
 */
public final class StopRequest implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(StopRequest.class);
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final AtomicBoolean deaf;

    private StopRequest(boolean deaf) {
        this.deaf = new AtomicBoolean(deaf);
    }

    /** Makes a request that no signal makes; for tests. */
    public static StopRequest bySelf() {
        return new StopRequest(false);
    }

    /** Makes a request that the signals make once it is {@link #heeded}; until then they end the process at once. */
    public static StopRequest onSignals() {
        return new StopRequest(true);
    }

    /** From now on signals ask to stop, and the process waits for the end. */
    public StopRequest heeded() {
        if (deaf.compareAndSet(true, false)) {
            try {
                Runtime.getRuntime().addShutdownHook(new Thread(this::signalled, "stop-request"));
            } catch (IllegalStateException e) {
                // The signal was first, and the process ends at once.
                signal();
            }
        }
        return this;
    }

    /** Whether a signal asked to stop: what fails from then on fails by that. */
    public boolean isSignalled() {
        return signalled.get();
    }

    private void signal() {
        signalled.set(true);
        requested.countDown();
    }

    public void request() {
        requested.countDown();
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Has something closed as soon as a stop is asked for, on a thread of its own, so that the command's thread comes free. */
    public void closing(AutoCloseable part) {
        Thread watcher = new Thread(
                () -> {
                    try {
                        requested.await();
                        part.close();
                    } catch (Exception e) {
                        LOGGER.atWarn().setCause(e).log("What was to be stopped did not stop cleanly");
                    }
                },
                "stop-watcher");
        watcher.setDaemon(true);
        watcher.start();
    }

    public void await() throws InterruptedException {
        requested.await();
    }

    /** Waits until a stop is asked for, or the time is over; returns whether it was. */
    public boolean await(Duration time) throws InterruptedException {
        return requested.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Says that everything is closed and reported. */
    @Override
    public void close() {
        done.countDown();
    }

    private void signalled() {
        signal();
        try {
            if (!done.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.atWarn()
                        .addKeyValue("seconds", PATIENCE.toSeconds())
                        .log("Not everything has stopped in time, perhaps for want of an answer from the database or"
                                + " Kafka; the process ends now. Nothing is lost: the next start goes on from what is"
                                + " committed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
