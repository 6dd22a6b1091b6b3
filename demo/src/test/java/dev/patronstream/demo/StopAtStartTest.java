package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.PatronstreamProcess;
import dev.patronstream.cli.SmallDisk;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stop in the middle of a start is a stop, whatever was being started. */
class StopAtStartTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"SQL Server stand-in", "Kafka  "})
    void aStopWhileThePartAfterThisOneStartsIsNoFailure(String part) throws Exception {
        try (PatronstreamProcess demo = demo()) {
            demo.awaitText(part);
            assertStops(demo);
            assertFalse(demo.printed().contains("SFTP server"), "what comes later is not begun any more");
        }
    }

    /** The next start goes on in the same folder, whatever the one before has left. */
    @Tag("faults")
    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void aStopAtAnyMomentOfAStartIsNoFailureAndTheNextStartGoesOn(int offset) throws Exception {
        for (int millis = offset; millis < 20_000; millis += 1_000) {
            try (PatronstreamProcess demo = demo()) {
                TimeUnit.MILLISECONDS.sleep(millis);
                assertStops(demo);
            }
        }
        try (PatronstreamProcess demo = demo()) {
            demo.awaitText("Status page");
        }
    }

    @Tag("faults")
    @Test
    void aDemoOnADiskThatFillsUpSaysSoAndGoesOnWhenThereIsRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("demo"), 24)) {
            try (PatronstreamProcess demo = demo()) {
                assertEquals(1, demo.await(), demo.printed());
                assertTrue(
                        demo.printed().contains("The disk that holds " + disk.folder() + " is full"), demo.printed());
            }
            disk.resize(512);
            try (PatronstreamProcess demo = demo()) {
                demo.awaitText("First delivery");
                assertStops(demo);
            }
        }
    }

    private PatronstreamProcess demo() throws Exception {
        return PatronstreamProcess.start(
                folder,
                "demo",
                "--students",
                "60",
                "--port",
                "0",
                "--dir",
                folder.resolve("demo").toString());
    }

    private static void assertStops(PatronstreamProcess process) throws Exception {
        assertEquals(143, process.terminate(), process.printed());
        String printed = process.printed();
        assertFalse(printed.contains("\tat "), printed);
        assertFalse(printed.contains("missing or damaged"), printed);
        assertFalse(printed.contains("unexpected failure"), printed);
    }
}
