package dev.patronstream.cli.config.setting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** References to values that are kept elsewhere: {@code ${env:NAME}} and {@code ${file:PATH}}. */
final class References {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):[^}]+}");

    private References() {}

    static boolean isReference(String text) {
        return REFERENCE.matcher(text).matches();
    }

    /** Returns the value that a reference names, or the text itself; empty, and its absence told, when it is not there. */
    static Optional<String> resolve(Reading reading, String text, Consumer<String> absent) {
        try {
            String value = value(reading, text);
            if (isReference(text)) {
                reading.referredTo(value, text);
            }
            return Optional.of(value);
        } catch (IOException e) {
            absent.accept(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Returns the secret that a reference names; empty, and no problem, when it is not there. */
    static Optional<String> quietly(Reading reading, String text) {
        try {
            return Optional.of(trimmed(value(reading, text)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns a supplier of a secret: files are read each time, so that a changed password needs no restart. */
    static Supplier<String> again(Reading reading, String reference, String now) {
        if (!reference.startsWith("${file:") || !isReference(reference)) {
            return () -> now;
        }
        Path file = reading.folder().resolve(name(reference));
        reading.secretFile(file);
        return () -> {
            try {
                String value = trimmed(file(file));
                Optional<String> complaint = Values.secretComplaint(value);
                if (complaint.isPresent()) {
                    throw new IOException("it " + complaint.get());
                }
                return value;
            } catch (IOException e) {
                throw new UncheckedIOException("The secret in " + file + " cannot be used any more", e);
            }
        };
    }

    private static String name(String reference) {
        return reference
                .substring(reference.indexOf(':') + 1, reference.length() - 1)
                .strip();
    }

    private static String value(Reading reading, String text) throws IOException {
        if (!isReference(text)) {
            return cleaned(text);
        }
        String name = name(text);
        if (text.startsWith("${file:")) {
            try {
                return file(reading.folder().resolve(name));
            } catch (InvalidPathException e) {
                throw new IOException("the reference cannot be the name of a file on this machine", e);
            }
        }
        return reading.environment(name)
                .map(References::cleaned)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new IOException("the environment variable " + name
                        + " is not set; set it before the start, for example: export " + name + "=..."));
    }

    private static String file(Path file) throws IOException {
        String text;
        try {
            text = cleaned(TextFile.read(file));
        } catch (TextFile.UnreadableException e) {
            throw new IOException("the file " + file + " " + e.getMessage(), e);
        }
        if (text.isEmpty()) {
            throw new IOException(
                    "the file " + file + " is empty; write the value into it, readable by this account only");
        }
        return text;
    }

    /** Returns a secret without the blanks that editors and shells leave behind it, before a line end or without one. */
    static String trimmed(String secret) {
        return secret.replaceFirst("[\t ]+$", "");
    }

    /** Returns a value without the byte order mark and the line end that editors and shells leave. */
    private static String cleaned(String text) {
        return (text.startsWith("\uFEFF") ? text.substring(1) : text).replaceFirst("[\r\n\t ]*[\r\n]$", "");
    }
}
