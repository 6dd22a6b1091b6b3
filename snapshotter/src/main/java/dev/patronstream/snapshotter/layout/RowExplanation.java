package dev.patronstream.snapshotter.layout;

import java.util.List;

/**
 * What a file makes of one patron. Holds private values: for the screen of the person who asks, never for a log.
 *
 * @param sent whether the patron is in the file
 * @param values what each column became; of one who is not in the file, what it would have become
 * @param problems the rules that fired
 */
public record RowExplanation(boolean sent, List<Value> values, List<Problem> problems) {

    /** Copies the lists. */
    public RowExplanation {
        values = List.copyOf(values);
        problems = List.copyOf(problems);
    }

    /**
     * What one column became.
     *
     * @param header name of the column
     * @param text the value; empty when there is none
     * @param source where it comes from, in words
     */
    public record Value(String header, String text, String source) {}
}
