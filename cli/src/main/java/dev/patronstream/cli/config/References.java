package dev.patronstream.cli.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** References to values that are kept elsewhere: {@code ${env:NAME}} and {@code ${file:PATH}}. */
final class References {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");

    private References() {}

    static boolean isReference(String text) {
        return REFERENCE.matcher(text).matches();
    }

    /** Returns the value that a reference names, or the text itself; empty, with a problem reported, when it is not there. */
    static Optional<String> resolve(Reading reading, String path, String text) {
        Matcher reference = REFERENCE.matcher(text);
        if (!reference.matches()) {
            return Optional.of(text);
        }
        String name = reference.group(2).strip();
        return reference.group(1).equals("env") ? variable(reading, path, name) : file(reading, path, name);
    }

    /** Returns the value that a reference names; empty, and no problem, when it is not there. */
    static Optional<String> quietly(Reading reading, String text) {
        Matcher reference = REFERENCE.matcher(text);
        if (!reference.matches()) {
            return Optional.of(text);
        }
        String name = reference.group(2).strip();
        if (reference.group(1).equals("env")) {
            return reading.environment(name).filter(value -> !value.isEmpty());
        }
        try {
            return Optional.of(read(reading.folder().resolve(name)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns a supplier of a reference's value: files are read each time, so that a changed password needs no restart. */
    static Supplier<String> again(Path folder, String reference, String now) {
        Matcher parts = REFERENCE.matcher(reference);
        if (!parts.matches() || parts.group(1).equals("env")) {
            return () -> now;
        }
        Path file = folder.resolve(parts.group(2).strip());
        return () -> {
            try {
                return read(file);
            } catch (IOException e) {
                throw new UncheckedIOException("The secret in " + file + " cannot be read any more", e);
            }
        };
    }

    private static Optional<String> variable(Reading reading, String path, String name) {
        Optional<String> value = reading.environment(name).filter(text -> !text.isEmpty());
        if (value.isEmpty()) {
            reading.problem(
                    path,
                    "the environment variable " + name + " is not set; set it before the start, for example: export "
                            + name + "=...");
        }
        return value;
    }

    private static Optional<String> file(Reading reading, String path, String name) {
        Path file = reading.folder().resolve(name);
        try {
            return Optional.of(read(file));
        } catch (IOException e) {
            reading.problem(
                    path,
                    "the file " + file + " cannot be read ("
                            + (Files.exists(file) ? "no permission, or not text" : "there is none")
                            + "); write the value into it, readable by this account only");
            return Optional.empty();
        }
    }

    /** Reads a value, without the line end that editors add. */
    static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
    }
}
