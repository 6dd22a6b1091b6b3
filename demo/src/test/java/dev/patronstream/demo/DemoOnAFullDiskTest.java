package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.SmallDisk;
import dev.patronstream.cli.command.CapturedTerminal;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoOnAFullDiskTest {

    @TempDir
    private Path folder;

    @Test
    void aCommandOnAFullDiskNamesTheFolder() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 30)) {
            disk.fill();
            CapturedTerminal terminal = new CapturedTerminal(Map.of());
            assertEquals(
                    1,
                    terminal.run("demo", "--dir", disk.folder().resolve("demo").toString()));
            assertTrue(
                    terminal.error()
                            .startsWith("patronstream: There is not enough room in "
                                    + disk.folder().resolve("demo")),
                    terminal.error());
        }
    }
}
