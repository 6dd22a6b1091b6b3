package dev.patronstream.benchmarks.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three faults in every build. A longer run is a command: {@code docs/endurance.md}. */
class EnduranceTest {

    /** A feed's topic deleted, the tail of a contract topic lost, and everything killed. */
    private static final int SEED = 1726;

    private static final int FAULTS = 3;

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void threeFaultsLoseNothingRepeatNothingAndDeliverNothingWrong() throws Exception {
        Path log = Files.createDirectories(Path.of("target", "endurance")).resolve("journal.log");
        Files.deleteIfExists(log);
        EnduranceReport report = new Endurance(
                        new EnduranceSettings(
                                SEED,
                                400,
                                20,
                                FAULTS,
                                false,
                                1,
                                Duration.ofMinutes(12),
                                Duration.ofMinutes(4),
                                Duration.ofSeconds(3),
                                directory.resolve("run")),
                        line -> append(log, line))
                .run();
        Files.writeString(log.resolveSibling("report.json"), report.json());
        Files.writeString(log.resolveSibling("report.md"), report.markdown());
        assertTrue(report.isGreen(), report::markdown);
        assertEquals(FAULTS, report.strikes().size(), report::markdown);
        assertTrue(report.kills() > 0, report::markdown);
        assertTrue((long) report.counts().get("CSV files compared") > 1, report::markdown);
        assertTrue((long) report.counts().get("source transactions") > 100, report::markdown);
    }

    static void append(Path log, String line) {
        try {
            Files.writeString(
                    log, line + "\n", java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
