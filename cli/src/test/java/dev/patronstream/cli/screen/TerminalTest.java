package dev.patronstream.cli.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What programs read of us. */
class TerminalTest {

    /** Prints an accented name as JSON is printed. */
    static final class Printing {
        private Printing() {}

        public static void main(String[] arguments) {
            try (StopRequest stop = StopRequest.onSignals()) {
                Terminal terminal = Terminal.ofProcess(stop);
                terminal.out().println("{\"lastName\":\"N\u00fa\u00f1ez\"}");
                terminal.out().flush();
            }
        }
    }

    @Test
    void jsonIsUtf8WhateverTheLocaleSays() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Printing.class.getName());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        assertEquals("{\"lastName\":\"N\u00fa\u00f1ez\"}", out.strip());
    }
}
