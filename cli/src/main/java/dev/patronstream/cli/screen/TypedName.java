package dev.patronstream.cli.screen;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command as the person typed it, {@code ./patronstream} or {@code /opt/patronstream/bin/patronstream} say, so that
 * a command that is advised can be copied into the terminal.
 *
 * <p>Messages are written with {@code patronstream}, as the pages are, and are kept so in topics and logs.
 */
public final class TypedName {

    private static final String PLAIN = "patronstream";

    private static final Pattern SAFE = Pattern.compile("[\\w./~+:\\\\-]+");

    /** What stands in front tells a command from the name of the program. */
    private static final Pattern COMMAND =
            Pattern.compile("(?<=^|[\\n`(]|[:;,]\\s|\\s\\s|=\\S{1,99}\\s)patronstream (?=[a-z])(?!tries |does )");

    private TypedName() {}

    /** Returns what the launcher was called by, quoted where a shell needs it; without a launcher {@code patronstream}. */
    public static String get() {
        return quoted(System.getProperty("patronstream.command", PLAIN));
    }

    static String quoted(String path) {
        return SAFE.matcher(path).matches() ? path : "'" + path.replace("'", "'\\''") + "'";
    }

    /** Returns a text with its commands as they can be typed. */
    public static String in(String text) {
        return in(text, get());
    }

    static String in(String text, String typed) {
        return typed.equals(PLAIN) ? text : COMMAND.matcher(text).replaceAll(Matcher.quoteReplacement(typed + " "));
    }
}
