package dev.patronstream.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script for completion, in a real shell. */
class CompletionTest {

    @TempDir
    Path folder;

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "There is no bash on this machine");
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        assertEquals(0, terminal.run("completion"), terminal.error());
        Path script = Files.writeString(folder.resolve("patronstream"), terminal.out());

        assertTrue(completed(script, "del").contains("deliveries"), completed(script, "del"));
        String options = completed(script, "snapshot", "--");
        assertTrue(options.contains("--dry-run") && options.contains("--config"), options);
    }

    private static String completed(Path script, String... words) throws Exception {
        String line = "source " + script + "; COMP_WORDS=(patronstream " + String.join(" ", words) + "); COMP_CWORD="
                + words.length + "; _complete_patronstream; echo \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("/bin/bash", "--norc", "-c", line)
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, bash.waitFor(), said);
        return said;
    }
}
