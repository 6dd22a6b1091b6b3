package dev.patronstream.cli.run;

import dev.patronstream.cli.logging.Logging;
import dev.patronstream.schemas.lifecycle.StageThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.internals.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns of every death in this process, so that it lives or ends, never half: a thread of whatever part that ends by
 * something thrown, an error that a library only writes to the log, a broker in the process that gives up. The first
 * one is why the process ends. Thread-safe; one at a time in a process.
 */
public final class Lifeline implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Lifeline.class);

    /** Closing takes seconds; a part that is dead may never be closed. */
    private static final Duration TO_CLOSE = Duration.ofSeconds(60);

    private static final Duration TO_REPORT = Duration.ofSeconds(10);

    private final CompletableFuture<Ending> ending = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch halting = new CountDownLatch(1);
    private final CountDownLatch reported = new CountDownLatch(1);
    private volatile Consumer<Ending> lastWord = why -> {};
    private final ScheduledExecutorService looker = StageThreads.scheduler("disks");
    private final Disks disks;
    private List<Path> full = List.of();

    private Lifeline(Disks disks) {
        this.disks = disks;
    }

    /** Begins to watch this process and the disks that it writes to. */
    public static Lifeline watch(Disks disks) {
        return watch(disks, TO_CLOSE);
    }

    /** Begins to watch this process, which is halted when it has not closed in time. */
    static Lifeline watch(Disks disks, Duration toClose) {
        Lifeline lifeline = new Lifeline(disks);
        Thread.setDefaultUncaughtExceptionHandler(lifeline::died);
        Logging.onLibraryError(lifeline::died);
        Exit.Procedure gaveUp = (status, message) -> lifeline.end(new Ending(
                "Kafka's broker in this process has given up"
                        + (message == null ? "" : " (" + message + ")")
                        + ". The log says why. Put that right and start patronstream again",
                Ending.FAILED));
        Exit.setExitProcedure(gaveUp);
        Exit.setHaltProcedure(gaveUp);
        // Started now: later there may be no memory for them.
        StageThreads.daemons("last-resort")
                .newThread(() -> lifeline.ensureTheEnd(toClose))
                .start();
        StageThreads.daemons("last-word").newThread(lifeline::speak).start();
        var unused = lifeline.looker.scheduleWithFixedDelay(lifeline::look, 1, 1, TimeUnit.SECONDS);
        return lifeline;
    }

    /** What fills up under a broker ends the process while it can still end in order; other parts go on by themselves. */
    private void look() {
        disks.endOfBroker().ifPresent(why -> end(new Ending(why, Ending.FAILED)));
        List<Disks.Disk> now = disks.full();
        now.stream().filter(disk -> !full.contains(disk.folder())).forEach(disk -> LOGGER.atWarn()
                .log(disk.words() + ". What writes there goes on by itself when there is room"));
        full = now.stream().map(Disks.Disk::folder).toList();
    }

    /** Says how to report why the process ends when it has to be halted; what was reported before is not repeated. */
    public void lastWord(Consumer<Ending> word) {
        lastWord = word;
    }

    private void died(Thread thread, Throwable thrown) {
        // First of all: to put it into words may need what there is no more of.
        if (!ending.isDone()) {
            end(new Ending(ErrorWords.ofThread(thread.getName(), thrown), Ending.FAILED));
            LOGGER.atError()
                    .addKeyValue("thread", thread.getName())
                    .setCause(thrown)
                    .log("A thread has ended; the process ends with it");
        }
    }

    private void ensureTheEnd(Duration toClose) {
        try {
            Ending why = ending.join();
            if (!closed.await(toClose.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("patronstream: " + why.message());
                halting.countDown();
                var unused = reported.await(TO_REPORT.toMillis(), TimeUnit.MILLISECONDS);
                Runtime.getRuntime().halt(why.exitCode());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On a thread of its own: what it needs may hang as well. */
    private void speak() {
        try {
            halting.await();
            lastWord.accept(ending.join());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reported.countDown();
        }
    }

    /** Says why the process has to end; what is said first counts. */
    void end(Ending why) {
        try {
            // Asked before anything is closed, which may make room.
            ending.complete(
                    why.exitCode() == Ending.FAILED ? new Ending(disks.why(why.message()), why.exitCode()) : why);
        } finally {
            // Where there is no memory to ask with.
            ending.complete(why);
        }
    }

    /** Completes when the process has to end. */
    public CompletableFuture<Ending> ending() {
        return ending.copy();
    }

    @Override
    public void close() {
        closed.countDown();
        looker.shutdownNow();
        Thread.setDefaultUncaughtExceptionHandler(null);
        Logging.onLibraryError((thread, thrown) -> {});
        Exit.resetExitProcedure();
        Exit.resetHaltProcedure();
    }
}
