package dev.patronstream.standin.engine;

import java.lang.reflect.Field;
import org.h2.value.CompareMode;

/**
 * SQL Server's default way of comparing text, for the engine: case does not count, trailing blanks do not count, accents
 * do (SQL_Latin1_General_CP1_CI_AS). Order between different letters is by code point of the capital, not by a
 * dictionary.
 *
 * <p>The engine's own {@code SET COLLATION} cannot be used: it takes effect only while a database is being opened, after
 * the transactions that a killed process left open have been read with the default comparison, and every index they
 * touched then fails to open. So this comparison is made the engine's default before a database is opened. The engine
 * keeps its default in a private static field and offers no other way in; {@link Database} checks that it took effect
 * and refuses to open otherwise. Files written so must be read so, which is why nothing else opens them.
 */
final class EngineCollation extends CompareMode {
    private EngineCollation() {
        super(null, 0);
    }

    /** Makes this comparison the default of databases opened from now on. */
    static void install() {
        try {
            Field lastUsed = CompareMode.class.getDeclaredField("lastUsed");
            lastUsed.setAccessible(true);
            if (!(lastUsed.get(null) instanceof EngineCollation)) {
                lastUsed.set(null, new EngineCollation());
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "This version of the embedded engine does not take the stand-in's collation. Use the version in the"
                            + " root pom.",
                    e);
        }
    }

    /** Any name but the default's, with which the engine would shorten LIKE to its own comparison. */
    @Override
    public String getName() {
        return "SQL_Latin1_General_CP1_CI_AS";
    }

    @Override
    public int compareString(String a, String b, boolean ignoreCase) {
        int lengthA = withoutTrailingBlanks(a);
        int lengthB = withoutTrailingBlanks(b);
        int shorter = Math.min(lengthA, lengthB);
        for (int i = 0; i < shorter; i++) {
            char ca = a.charAt(i);
            char cb = b.charAt(i);
            if (ca != cb) {
                int difference = fold(ca) - fold(cb);
                if (difference != 0) {
                    return difference;
                }
            }
        }
        // What follows a common beginning is compared with blanks, as if the shorter text were padded.
        for (int i = shorter; i < lengthA; i++) {
            if (a.charAt(i) != ' ') {
                return a.charAt(i) - ' ';
            }
        }
        for (int i = shorter; i < lengthB; i++) {
            if (b.charAt(i) != ' ') {
                return ' ' - b.charAt(i);
            }
        }
        return 0;
    }

    @Override
    public boolean equalsChars(String a, int ai, String b, int bi, boolean ignoreCase) {
        return fold(a.charAt(ai)) == fold(b.charAt(bi));
    }

    private static char fold(char c) {
        return Character.toUpperCase(c);
    }

    private static int withoutTrailingBlanks(String text) {
        int length = text.length();
        while (length > 0 && text.charAt(length - 1) == ' ') {
            length--;
        }
        return length;
    }
}
