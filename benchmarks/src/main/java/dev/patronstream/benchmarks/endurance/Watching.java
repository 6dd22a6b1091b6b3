package dev.patronstream.benchmarks.endurance;

/** The threads that watch a run beside its faults. */
final class Watching {

    private Watching() {}

    /** Interrupts a thread and returns when it has ended. */
    static void end(Thread thread) {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
