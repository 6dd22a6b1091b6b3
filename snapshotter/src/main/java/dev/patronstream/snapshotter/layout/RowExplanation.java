package dev.patronstream.snapshotter.layout;

import dev.patronstream.snapshotter.rules.Problem;
import java.util.List;
import java.util.Map;

/**
 * What a file makes of one patron. Holds private values: for the screen of the person who asks, never for a log.
 *
 * @param values what each column became; of one who is not in the file, what it would have become
 * @param sharedWith by header of a column whose value others have too: their keys
 */
public record RowExplanation(
        boolean sent, List<Value> values, List<Problem> problems, Map<String, List<String>> sharedWith) {

    public RowExplanation {
        values = List.copyOf(values);
        problems = List.copyOf(problems);
        sharedWith = Map.copyOf(sharedWith);
    }

    /** What one column became: its text, empty when there is none, and in words where that comes from. */
    public record Value(String header, String text, String source) {}
}
