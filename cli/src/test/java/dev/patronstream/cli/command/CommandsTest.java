package dev.patronstream.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

/** How a command ends that fails. */
class CommandsTest {

    /** A command that is a method, as most are. */
    @Command(name = "of")
    static final class Failing {

        @Command(name = "memory")
        int memory() {
            return new long[Integer.MAX_VALUE - 8].length;
        }
    }

    @Test
    void memoryThatHasRunOutInACommandThatIsAMethodIsAdvisedOn() {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        assertEquals(1, terminal.line().addSubcommand(new Failing()).execute("of", "memory"));
        assertTrue(terminal.error().contains("PATRONSTREAM_JAVA_OPTS=-Xmx2g"), terminal.error());
        assertFalse(terminal.error().contains("unexpected failure"), terminal.error());
    }
}
