package dev.patronstream.connector.capture;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/** Keeps a reading below a number of rows per second, so that the server has time for others. Not thread-safe. */
final class Pace {

    private static final int BETWEEN_LOOKS = 500;

    private final long nanosPerRow;
    private long begun = System.nanoTime();
    private long rows;

    Pace(int rowsPerSecond) {
        this.nanosPerRow = TimeUnit.SECONDS.toNanos(1) / rowsPerSecond;
    }

    /** How many rows were read. */
    long rows() {
        return rows;
    }

    /** A row is read; waits where that was too fast. True now and then, when it is time to look at other things. */
    boolean row() {
        if (++rows % BETWEEN_LOOKS != 0) {
            return false;
        }
        long early = begun + rows * nanosPerRow - System.nanoTime();
        if (early < 0) {
            // A delay is not made up for.
            begun -= early;
        } else {
            try {
                TimeUnit.NANOSECONDS.sleep(early);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("Capture is closed");
            }
        }
        return true;
    }
}
