package dev.patronstream.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.SmallDisk;
import dev.patronstream.cli.screen.CommandFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a full disk, on one. */
class DisksTest {

    private static final String NO_SPACE = "No space left on device";

    @TempDir
    private Path folder;

    @Test
    void whateverFailsOnAFullDiskTheMessageNamesTheFolder() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 30)) {
            Path data = disk.folder().resolve("data");
            Disks disks = Disks.of(data);
            CommandFailedException other = new CommandFailedException("The vendor does not answer");
            assertSame(other, disks.why(other));
            disks.requireRoom();

            disk.fill();
            String beginning =
                    "The disk that holds " + data + " is full (0 KB free; data), and patronstream cannot go on: ";
            assertTrue(
                    disks.why("The vendor does not answer").startsWith(beginning + "The vendor does not answer. Make"));
            String mapped = ErrorWords.of(new InternalError("a fault occurred in a recent unsafe memory access"));
            assertTrue(disks.why(mapped).startsWith(beginning + "A file that is mapped into memory"), mapped);
            assertEquals(disks.why(mapped), disks.why(disks.why(mapped)));
            assertEquals(
                    "There is not enough room in " + data + " (data): 0 KB free, 24 MB needed."
                            + " Make room and start again",
                    assertThrows(CommandFailedException.class, disks::requireRoom)
                            .getMessage());

            disk.free();
            // Who wrote too much has taken it back before anybody looked.
            String torn = Disks.answered("The stage has ended", new UncheckedIOException(new IOException(NO_SPACE)));
            assertEquals("The stage has ended (java.io.IOException: " + NO_SPACE + ")", torn);
            assertTrue(disks.why(torn).startsWith("The disk that holds " + data + " has been full (31 MB free"), torn);
        }
    }
}
