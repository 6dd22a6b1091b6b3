package dev.patronstream.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command stops at the configuration, which is not there. */
class ExplainCommandTest {

    @ParameterizedTest
    @ValueSource(strings = {"99400001", "student/99400001", "staff/0", "student/-5", "2147483647", "staff/-2147483648"})
    void everyKeyThatReportsPrintAndEveryIdIsOne(String person) {
        CapturedTerminal terminal = explain(person);
        assertTrue(terminal.error().contains("none.yaml"), terminal.error());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "student/-2147483649", "99999999999", "student/", "STF/1", "1.5", "lee"})
    void whatIsNoIdIsRefused(String person) {
        CapturedTerminal terminal = explain(person);
        assertTrue(terminal.error().contains("'" + person + "' is not the ID of a person"), terminal.error());
    }

    private static CapturedTerminal explain(String person) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        assertEquals(2, terminal.run("explain", "destiny", person, "--config", "none.yaml"));
        return terminal;
    }
}
