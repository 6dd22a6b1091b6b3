package dev.patronstream.schemas.lifecycle;

import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StageThreadsTest {

    @Test
    void whatATaskThatIsScheduledAgainAndAgainThrowsReachesTheThreadsHandler() throws Exception {
        CompletableFuture<Throwable> died = new CompletableFuture<>();
        Error error = new NoClassDefFoundError("dev/patronstream/Missing");
        ScheduledExecutorService scheduler = StageThreads.scheduler("tested");
        try {
            scheduler.execute(() ->
                    Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> died.complete(thrown)));
            var unused = scheduler.scheduleWithFixedDelay(
                    () -> {
                        throw error;
                    },
                    0,
                    1,
                    TimeUnit.HOURS);
            assertSame(error, died.get(60, TimeUnit.SECONDS));
        } finally {
            scheduler.shutdownNow();
        }
    }
}
