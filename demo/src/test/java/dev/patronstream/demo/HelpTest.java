package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

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

    @ParameterizedTest(name = "patronstream {0} --help")
    @MethodSource("dev.patronstream.cli.command.CapturedTerminal#commands")
    void theHelpFitsANarrowTerminalAndIsNotCut(String command) {
        CapturedTerminal wide = new CapturedTerminal(Map.of("COLUMNS", "200"));
        wide.run((command + " --help").strip().split(" "));
        CapturedTerminal narrow = new CapturedTerminal(Map.of("COLUMNS", "60", "NO_COLOR", "1"));
        narrow.run((command + " --help").strip().split(" "));
        assertEquals(
                List.of(),
                narrow.out().lines().filter(line -> line.length() > 60).toList());
        assertEquals(letters(wide.out()), letters(narrow.out()));
        assertFalse(narrow.out().contains("\u001b"), narrow.out());
    }

    private static String letters(String help) {
        return help.replaceAll("[^a-zA-Z]", "")
                .chars()
                .sorted()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
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
            strings = {"--students=-5", "--students=1000001", "--changes-per-second=-1", "--for=10x", "--port=99999"})
    void anOptionOutOfRangeIsWrongUsageAndMakesNoFolder(String option, @TempDir Path folder) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        Path directory = folder.resolve("demo");
        assertEquals(2, terminal.run("demo", option, "--dir", directory.toString()));
        assertTrue(terminal.error().contains(option.split("=")[0]), terminal.error());
        assertFalse(Files.exists(directory));
    }

    /** Parsed only: with a value that is taken a command would run. */
    @ParameterizedTest(name = "patronstream {0}")
    @MethodSource("dev.patronstream.cli.command.CapturedTerminal#commands")
    void aNumberOrATimeThatCannotBeIsWrongUsageWhereverOneStands(String command) {
        CommandLine all = new CapturedTerminal(Map.of()).line();
        CommandLine line = all;
        for (String word : command.split(" ")) {
            line = word.isEmpty() ? line : line.getSubcommands().get(word);
        }
        for (OptionSpec option : line.getCommandSpec().options()) {
            String name = option.longestName();
            for (String value : impossible(option)) {
                ParameterException refused = assertThrows(
                        ParameterException.class, () -> parse(all, command, name, value), name + " " + value);
                String said = String.valueOf(refused.getMessage());
                assertTrue(said.contains(name) && said.contains(value), said);
            }
            if (!impossible(option).isEmpty()) {
                parse(all, command, name, "0");
            }
        }
    }

    private static void parse(CommandLine all, String command, String option, String value) {
        try {
            all.parseArgs((command + " " + option + " " + value).split(" "));
        } catch (MissingParameterException others) {
            // Every value was taken before.
        }
    }

    private static List<String> impossible(OptionSpec option) {
        if (option.type() == Duration.class) {
            return List.of("-1", "-1s", "9999999h", "3651d", "99999999999999999999", "soon", "1.5h");
        }
        if (option.longestName().equals("--seed")) {
            return List.of("99999999999999999999", "many", "1.5");
        }
        if (option.type() == double.class) {
            return List.of("-1.0", "10000.5", "NaN", "Infinity", "many");
        }
        if (option.type() == int.class || option.type() == long.class) {
            return List.of("-1", "99999999999999999999", "many");
        }
        // Texts have other labels, but for the time that a feed's clock decides.
        assertTrue(
                !Set.of("N", "R", "S", "TIME", "PORT").contains(option.paramLabel())
                        || option.longestName().equals("--until"),
                option.longestName());
        return List.of();
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
