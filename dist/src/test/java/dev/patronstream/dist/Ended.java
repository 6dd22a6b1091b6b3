package dev.patronstream.dist;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A program that has ended: its exit code and what it printed. */
record Ended(int exit, String out, String error) {

    /** Runs a program to its end. */
    static Ended of(ProcessBuilder builder) throws Exception {
        Path error = Files.createTempFile("error", ".txt");
        try {
            Process process = builder.redirectError(error.toFile()).start();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            return new Ended(process.exitValue(), out, Files.readString(error));
        } finally {
            Files.delete(error);
        }
    }
}
