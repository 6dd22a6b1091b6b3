package dev.patronstream.snapshotter.layout.template;

import dev.patronstream.snapshotter.rules.Rule;
import java.util.Optional;

/**
 * What one column makes of one patron: a text, possibly empty, and the rule that it breaks by the way it came about.
 *
 * @param text the text; empty when there is none; of a broken rule, what is sent if the rule only warns
 * @param broken the rule that the patron breaks
 */
public record Cell(String text, Optional<Rule> broken) {

    public static final Cell EMPTY = new Cell("", Optional.empty());

    public static Cell of(String text) {
        return new Cell(text, Optional.empty());
    }

    public static Cell of(Optional<String> text) {
        return text.map(Cell::of).orElse(EMPTY);
    }

    public static Cell breaking(Rule rule) {
        return breaking(rule, "");
    }

    public static Cell breaking(Rule rule, String otherwise) {
        return new Cell(otherwise, Optional.of(rule));
    }
}
