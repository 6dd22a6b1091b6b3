package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

    @ParameterizedTest(name = "patronstream {0} --help")
    @MethodSource("dev.patronstream.cli.command.CapturedTerminal#commands")
    void everyCommandExplainsItselfWithAnExample(String command) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        int exit = terminal.run((command + " --help").strip().split(" "));
        assertEquals(0, exit);
        assertTrue(terminal.out().contains("Usage: patronstream"), terminal.out());
        assertTrue(terminal.out().contains("Example: patronstream"), terminal.out());
        assertEquals("", terminal.error());
    }

    @Test
    void aCommandThatDoesNotExistIsWrongUsage() {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        assertEquals(2, terminal.run("snapshoot"));
        assertTrue(terminal.error().contains("snapshot"), terminal.error());
    }

    @Test
    void aWrongOptionIsSaidOnItsOwnAndTheHelpIsNamed() {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        assertEquals(2, terminal.run("snapshot", "destiny", "--agian"));
        assertEquals(
                List.of(
                        "patronstream: Unknown option: '--agian'",
                        "Possible solutions: --again",
                        "See: patronstream snapshot --help"),
                terminal.error().lines().toList());
    }

    @Test
    void noCommandAtAllShowsTheCommandsAndFails() {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        assertEquals(2, terminal.run());
        assertTrue(terminal.error().contains("demo"), terminal.error());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--students=-5", "--students=500001", "--changes-per-second=-1", "--for=10x", "--port=99999"})
    void anOptionOutOfRangeIsWrongUsageAndMakesNoFolder(String option, @TempDir Path folder) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        Path directory = folder.resolve("demo");
        assertEquals(2, terminal.run("demo", option, "--dir", directory.toString()));
        assertTrue(terminal.error().contains(option.split("=")[0]), terminal.error());
        assertFalse(Files.exists(directory));
    }

    @Test
    void everyCommandTellsTheVersion() {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        assertEquals(0, terminal.run("demo", "--version"));
        assertTrue(terminal.out().startsWith("patronstream "), terminal.out());
    }

    @Test
    void theVersionNamesTheProductAndJava() {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        assertEquals(0, terminal.run("--version"));
        assertTrue(terminal.out().startsWith("patronstream "), terminal.out());
        assertTrue(terminal.out().contains("Java " + Runtime.version()), terminal.out());
    }
}
