package dev.patronstream.standin.engine;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs work on the engine on a thread of its own, waiting for it whatever happens: an interrupt of a thread that is
 * inside the engine's files would close them for everybody. The caller's interrupt is kept for the caller.
 */
public final class EngineThread {
    private EngineThread() {}

    /**
     * Runs the work and answers its result.
     *
     * @throws IllegalStateException if the work fails with a checked exception
     */
    public static <T> T call(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "sqlserver-engine");
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException runtime) {
                        throw runtime;
                    }
                    throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
