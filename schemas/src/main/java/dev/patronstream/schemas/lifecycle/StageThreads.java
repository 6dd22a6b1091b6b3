package dev.patronstream.schemas.lifecycle;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;

/**
 * Threads that never end in silence. An executor of Java keeps what a task throws to itself, and a task that is
 * scheduled again and again ends with it; here the thread ends too, and its handler for uncaught exceptions learns why.
 */
public final class StageThreads {

    private StageThreads() {}

    /** Returns a factory of daemon threads of that name. */
    public static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Returns a scheduler with one daemon thread; whatever a task throws reaches the thread's handler. */
    public static ScheduledExecutorService scheduler(String name) {
        return new Scheduler(daemons(name));
    }

    private static final class Scheduler extends ScheduledThreadPoolExecutor {

        Scheduler(ThreadFactory threads) {
            super(1, threads);
        }

        @Override
        protected void afterExecute(Runnable task, Throwable thrown) {
            super.afterExecute(task, thrown);
            if (thrown == null && task instanceof Future<?> done && done.isDone()) {
                try {
                    done.get();
                } catch (CancellationException stopped) {
                    // Nothing has failed: the executor is being closed.
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (ExecutionException e) {
                    rethrow(e.getCause());
                }
            }
        }

        private static void rethrow(Throwable cause) {
            if (cause instanceof Error error) {
                throw error;
            }
            throw cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
        }
    }
}
