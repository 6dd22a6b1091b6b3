package dev.patronstream.snapshotter.delivery;

import java.nio.channels.ClosedByInterruptException;
import org.apache.kafka.common.errors.InterruptException;

/** Tells an attempt that was stopped from one that failed. Stateless. */
final class Interruption {

    private Interruption() {}

    /** Returns whether the process is to end, and lets the thread finish what it has to note. */
    static boolean causedByShutdown(Throwable failure) {
        boolean interrupted = Thread.interrupted();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            interrupted |= cause instanceof InterruptedException
                    || cause instanceof InterruptException
                    || cause instanceof ClosedByInterruptException;
        }
        return interrupted;
    }
}
