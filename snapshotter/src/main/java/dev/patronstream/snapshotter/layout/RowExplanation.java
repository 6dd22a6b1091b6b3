package dev.patronstream.snapshotter.layout;

import dev.patronstream.snapshotter.rules.Problem;
import java.util.List;
import java.util.Map;

/**
 * What a file makes of one patron. Holds private values: for the screen of the person who asks, never for a log.
 *
 * @param sent whether the patron is in the file
 * @param values what each column became; of one who is not in the file, what it would have become
 * @param problems the rules that fired
 * @param sharedWith by header of a column whose value others have too: their keys
 */
public record RowExplanation(
        boolean sent, List<Value> values, List<Problem> problems, Map<String, List<String>> sharedWith) {

    /** Copies the collections. */
    public RowExplanation {
        values = List.copyOf(values);
        problems = List.copyOf(problems);
        sharedWith = Map.copyOf(sharedWith);
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
