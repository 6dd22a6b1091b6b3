package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The rows of a feed in one layout, and what is wrong with the patrons behind them.
 *
 * <p>Goes through the entries several times: to judge each patron, to find values that two share, and to give the rows
 * out one by one. So what is kept in memory is a few identifiers per patron, not the rows. Not thread-safe.
 */
public final class PatronFile implements PatronRows {

    private final Layout layout;
    private final Iterable<FeedEntry> entries;
    private final RowRenderer renderer;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<Integer, Set<String>> sharedByColumn = new HashMap<>();

    /**
     * Makes the file of some entries.
     *
     * @param layout columns and rules
     * @param entries what the feed holds, one entry per patron, in the order of the file; iterated more than once
     */
    public PatronFile(Layout layout, Iterable<FeedEntry> entries) {
        this.layout = layout;
        this.entries = entries;
        this.renderer = new RowRenderer(layout);
        for (FeedEntry entry : entries) {
            problems.addAll(renderer.render(entry).problems());
        }
        // Who is left out takes nobody's identifier: neither by a rule of its own, nor for a District ID that is
        // shared.
        settleSharedValues(RuleAction.REJECT_ROW);
        settleSharedValues(RuleAction.BLANK_FIELD);
    }

    /** Returns what the rules found: first about single patrons, then about those who share a value. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public void rows(Consumer<PatronRow> sink) {
        List<String> headers = layout.headers();
        int site = layout.positionOf(Layout.SITE_KEY).orElseThrow();
        int status = layout.positionOf(Layout.STATUS_KEY).orElseThrow();
        for (FeedEntry entry : entries) {
            renderer.render(entry).row().ifPresent(values -> {
                if (stays(values)) {
                    sink.accept(
                            new PatronRow(entry.getKind(), entry.getId(), headers, List.copyOf(values), site, status));
                }
            });
        }
    }

    /** Returns what became of one of the patrons, column by column; goes through all of them if a value is shared. */
    public RowExplanation explain(FeedEntry entry) {
        RowRenderer.Rendered rendered = renderer.render(entry);
        String key = Keys.person(entry.getKind(), entry.getId());
        Map<String, List<String>> sharedWith = new TreeMap<>();
        for (int i = 0; i < rendered.values().size(); i++) {
            if (isShared(i, rendered.values().get(i))) {
                sharedWith.put(
                        layout.columns().get(i).header(),
                        othersWith(i, rendered.values().get(i), key));
            }
        }
        List<String> values = new ArrayList<>(rendered.values());
        boolean sent = stays(values) && !rendered.rejected();
        List<RowExplanation.Value> explained = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Column column = layout.columns().get(i);
            explained.add(new RowExplanation.Value(
                    column.header(), values.get(i), column.source().apply(entry)));
        }
        return new RowExplanation(
                sent,
                explained,
                problems.stream().filter(problem -> problem.key().equals(key)).toList(),
                sharedWith);
    }

    private List<String> othersWith(int column, String value, String key) {
        List<String> others = new ArrayList<>();
        for (FeedEntry entry : entries) {
            String other = Keys.person(entry.getKind(), entry.getId());
            if (!other.equals(key)
                    && renderer.render(entry)
                            .row()
                            .filter(values -> values.get(column).equals(value))
                            .isPresent()) {
                others.add(other);
            }
        }
        return others;
    }

    /** Finds the values that two patrons share, in the columns where that has this consequence. */
    private void settleSharedValues(RuleAction consequence) {
        Set<Integer> columns = new TreeSet<>();
        for (int i = 0; i < layout.columns().size(); i++) {
            if (consequenceOfSharing(i).equals(Optional.of(consequence))) {
                columns.add(i);
            }
        }
        Map<Integer, Set<String>> shared = new HashMap<>();
        Map<Integer, Set<String>> seen = new HashMap<>();
        forEachValue(columns, (entry, column, value) -> {
            if (!seen.computeIfAbsent(column, c -> new HashSet<>()).add(value)) {
                shared.computeIfAbsent(column, c -> new HashSet<>()).add(value);
            }
        });
        // Who had a value first is known only when all have been seen.
        forEachValue(shared.keySet(), (entry, column, value) -> {
            if (shared.get(column).contains(value)) {
                Column where = layout.columns().get(column);
                problems.add(new Problem(
                        Keys.person(entry.getKind(), entry.getId()),
                        where.duplicate().orElseThrow(),
                        where.header(),
                        layout.rules().doneAboutSharing(where)));
            }
        });
        sharedByColumn.putAll(shared);
    }

    private Optional<RuleAction> consequenceOfSharing(int column) {
        return layout.rules().effectOfSharing(layout.columns().get(column));
    }

    @FunctionalInterface
    private interface ValueUse {
        void of(FeedEntry entry, int column, String value);
    }

    /** Gives out the values of some columns of the rows that are left by now. */
    private void forEachValue(Set<Integer> columns, ValueUse use) {
        if (columns.isEmpty()) {
            return;
        }
        for (FeedEntry entry : entries) {
            renderer.render(entry).row().filter(this::stays).ifPresent(values -> {
                for (int column : columns) {
                    if (!values.get(column).isEmpty()) {
                        use.of(entry, column, values.get(column));
                    }
                }
            });
        }
    }

    /** Whether the row is in the file; blanks what must not be sent of it. */
    private boolean stays(List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            if (isShared(i, values.get(i))) {
                if (consequenceOfSharing(i).equals(Optional.of(RuleAction.REJECT_ROW))) {
                    return false;
                }
                values.set(i, "");
            }
        }
        return true;
    }

    private boolean isShared(int column, String value) {
        return sharedByColumn.getOrDefault(column, Set.of()).contains(value);
    }
}
