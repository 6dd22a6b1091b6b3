package dev.patronstream.cli.screen;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command as the person typed it, {@code ./patronstream} or {@code /opt/patronstream/bin/patronstream} say, and with
 * the configuration that was given, so that a command that is advised can be copied into the terminal. Thread-safe.
 *
 * <p>Messages are written with {@code patronstream}, as the pages are, and are kept so in topics and logs.
 */
public final class TypedName {

    private static final String PLAIN = "patronstream";

    private static final Pattern SAFE = Pattern.compile("[\\w./~+:\\\\-]+");

    /** What stands in front tells a command from the name of the program. */
    private static final Pattern COMMAND =
            Pattern.compile("(?<=^|[\\n`(]|[:;,]\\s|\\s\\s|=\\S{1,99}\\s)patronstream (?=[a-z])(?!tries |does )");

    /** They need no configuration, or name one. */
    private static final Pattern WITHOUT =
            Pattern.compile("(demo|sandbox|init|schema|completion)\\b|[^`;\\n]*--config ");

    private static volatile Optional<Path> configuration = Optional.empty();

    private TypedName() {}

    /** Notes the configuration that the person named, for the commands that are advised. */
    public static void configuredBy(Path file) {
        configuration = Optional.of(file);
    }

    /** Returns what the launcher was called by, quoted where a shell needs it; without a launcher {@code patronstream}. */
    public static String get() {
        return quoted(System.getProperty("patronstream.command", PLAIN));
    }

    static String quoted(String path) {
        return SAFE.matcher(path).matches() ? path : "'" + path.replace("'", "'\\''") + "'";
    }

    /** Returns a text with its commands as they can be typed. Without a launcher there is none to type. */
    public static String in(String text) {
        return System.getProperty("patronstream.command") == null ? text : in(text, get(), configuration);
    }

    static String in(String text, String typed, Optional<Path> configuration) {
        String configured = configuration
                .map(file -> "--config " + quoted(file.toString()) + " ")
                .orElse("");
        return COMMAND.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(typed + " "
                        + (WITHOUT.matcher(text)
                                        .region(match.end(), text.length())
                                        .lookingAt()
                                ? ""
                                : configured)));
    }
}
