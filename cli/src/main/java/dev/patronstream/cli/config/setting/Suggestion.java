package dev.patronstream.cli.config.setting;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses which word was meant. */
public final class Suggestion {

    private Suggestion() {}

    /** Returns the known word that is nearest to the given one; empty when none is near. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(word, candidate) <= Math.max(1, candidate.length() / 3))
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
    }

    /** Says which known word is near to the given one, or else which there are. */
    public static String words(String word, Collection<String> known) {
        return nearest(word, known)
                .map(near -> "; did you mean " + near + "?")
                .orElseGet(() -> "; there are: " + String.join(", ", known));
    }

    /** Returns the known word that a word was meant to be: not one of them, and at most two letters from one. */
    static Optional<String> misspelled(String word, Collection<String> known) {
        return nearest(word, known).filter(near -> {
            int distance = distance(word.toLowerCase(Locale.ROOT), near.toLowerCase(Locale.ROOT));
            return distance > 0 && distance <= 2;
        });
    }

    /** Insertions, deletions and replacements that make one text the other (Levenshtein). */
    private static int distance(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int column = 0; column < above.length; column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced = above[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, Math.min(above[column], current[column - 1]) + 1);
            }
            above = current;
        }
        return above[to.length()];
    }
}
