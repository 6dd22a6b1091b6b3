package dev.patronstream.snapshotter.layout;

import java.util.Optional;

/**
 * What one column makes of one patron: a text, possibly empty, or the rule that forbids one.
 *
 * @param text the text; empty when there is none
 * @param broken the rule that the patron breaks
 */
record Cell(String text, Optional<Rule> broken) {

    static final Cell EMPTY = new Cell("", Optional.empty());

    static Cell of(String text) {
        return new Cell(text, Optional.empty());
    }

    static Cell of(Optional<String> text) {
        return text.map(Cell::of).orElse(EMPTY);
    }

    static Cell breaking(Rule rule) {
        return new Cell("", Optional.of(rule));
    }
}
