package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.lifecycle.Backoff;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Says whether something that failed is tried again, and waits until then: pauses double, up to some minutes, and vary by
 * half, so that many feeds do not come back together. For one attempt and one thread; the window begins with it.
 */
public final class Retries {

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5));

    /** Anyone who stands before the screen sees the failure and tries again. */
    public static final Retries NONE = new Retries(Duration.ZERO, () -> false);

    private final Duration window;
    private final BooleanSupplier mayGoOn;
    private final long beginNanos = System.nanoTime();
    private int pauses;

    /** Begins the window; {@code mayGoOn} is asked after each pause. */
    public Retries(Duration window, BooleanSupplier mayGoOn) {
        this.window = window;
        this.mayGoOn = mayGoOn;
    }

    /**
     * Waits for the next try.
     *
     * @return whether it is to be made; false when it would not be within the window
     * @throws InterruptedException if the process is to end
     */
    boolean await() throws InterruptedException {
        Duration pause = BACKOFF.after(pauses);
        Duration gone = Duration.ofNanos(System.nanoTime() - beginNanos);
        if (window.minus(gone).compareTo(pause) < 0) {
            return false;
        }
        pauses++;
        Thread.sleep(pause.toMillis());
        return mayGoOn.getAsBoolean();
    }

    /** For receipts: how often it was tried; empty text for once. */
    String words() {
        return pauses == 0 ? "" : ". Tried " + (pauses + 1) + " times within " + window.toMinutes() + " min";
    }
}
