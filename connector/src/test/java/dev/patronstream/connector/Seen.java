package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.status.ConnectorStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/** What a person sees, kept in {@code target/seen.txt} so that the documentation can quote it. */
final class Seen {

    private static final Path FILE = Path.of("target", "seen.txt");

    private Seen() {}

    /** Waits until the connector's state says all of the parts; returns what it says. */
    static String state(String fault, Connector connector, String... parts) {
        return saying(
                fault + ", state", connector, () -> connector.status().state().inWords(), parts);
    }

    /** Waits until one of the connector's notices says all of the parts; returns it. */
    static String notice(String fault, Connector connector, String... parts) {
        return saying(
                fault + ", notice",
                connector,
                () -> connector.status().notices().stream()
                        .map(ConnectorStatus.Notice::text)
                        .filter(text -> containsAll(text, parts))
                        .findFirst()
                        .orElse("none of " + connector.status().notices()),
                parts);
    }

    private static String saying(String what, Connector connector, Supplier<String> text, String... parts) {
        String[] last = {""};
        try {
            TestDistrict.await(connector, status -> {
                last[0] = text.get();
                return containsAll(last[0], parts);
            });
        } catch (AssertionError e) {
            throw new AssertionError(
                    String.join(" ... ", parts) + " is not in: " + last[0] + "; state "
                            + connector.status().state(),
                    e);
        }
        keep(what, last[0]);
        return last[0];
    }

    static void failure(String fault, String message, String... parts) {
        assertTrue(containsAll(message, parts), () -> String.join(" ... ", parts) + " is not in: " + message);
        keep(fault + ", message", message);
    }

    private static boolean containsAll(String text, String... parts) {
        for (String part : parts) {
            if (!text.contains(part)) {
                return false;
            }
        }
        return true;
    }

    private static void keep(String what, String text) {
        try {
            Files.writeString(
                    FILE,
                    what + ": " + text + System.lineSeparator(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
