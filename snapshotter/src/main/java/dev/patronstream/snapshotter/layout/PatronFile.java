package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.rules.RuleAction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The rows of a feed in one layout, and what is wrong with the patrons behind them.
 *
 * <p>Each patron is judged once; a row is kept as one text, so that memory grows by little more than the file. Not
 * thread-safe.
 */
public final class PatronFile implements PatronRows {

    /** Between the values of a row; rules take control characters out of values. */
    private static final String BETWEEN = "\u001F";

    private static final Comparator<Kept> ORDER =
            Comparator.comparing(Kept::kind).thenComparingInt(Kept::id);

    private final Layout layout;
    private final RowRenderer renderer;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();
    private final Map<Integer, Set<String>> sharedByColumn = new HashMap<>();

    private record Kept(PatronKind kind, int id, String cells) {

        String[] values() {
            return cells.split(BETWEEN, -1);
        }

        String key() {
            return Keys.person(kind, id);
        }
    }

    /**
     * Makes the file of some entries.
     *
     * @param layout columns and rules
     * @param entries what the feed holds, one entry per patron, in the order of the file
     */
    public PatronFile(Layout layout, Iterable<FeedEntry> entries) {
        this.layout = layout;
        this.renderer = new RowRenderer(layout);
        for (FeedEntry entry : entries) {
            RowRenderer.Rendered rendered = renderer.render(entry);
            problems.addAll(rendered.problems());
            if (!rendered.rejected()) {
                kept.add(new Kept(entry.getKind(), entry.getId(), String.join(BETWEEN, rendered.values())));
            }
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

    /** Whether the file has a row of a person. */
    public boolean holds(PatronKind kind, int id) {
        int at = Collections.binarySearch(kept, new Kept(kind, id, ""), ORDER);
        return at >= 0 && stays(kept.get(at).values());
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
        for (Kept row : kept) {
            String[] values = row.values();
            if (stays(values)) {
                sink.accept(new PatronRow(row.kind(), row.id(), headers, List.of(values), site, status));
            }
        }
    }

    /** Returns what became of one of the patrons, column by column; goes through all of them if a value is shared. */
    public RowExplanation explain(FeedEntry entry) {
        RowRenderer.Rendered rendered = renderer.render(entry);
        String key = Keys.person(entry.getKind(), entry.getId());
        Map<String, List<String>> sharedWith = new TreeMap<>();
        sharedByColumn.forEach((column, shared) -> {
            String value = rendered.values().get(column);
            if (shared.contains(value)) {
                sharedWith.put(
                        layout.columns().get(column).header(),
                        kept.stream()
                                .filter(other -> !other.key().equals(key) && other.values()[column].equals(value))
                                .map(Kept::key)
                                .toList());
            }
        });
        String[] values = rendered.values().toArray(String[]::new);
        boolean sent = stays(values) && !rendered.rejected();
        List<RowExplanation.Value> explained = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            Column column = layout.columns().get(i);
            explained.add(new RowExplanation.Value(
                    column.header(), values[i], column.source().apply(entry)));
        }
        return new RowExplanation(
                sent,
                explained,
                problems.stream().filter(problem -> problem.key().equals(key)).toList(),
                sharedWith);
    }

    /** Finds the values that two patrons share, in the columns where that has this consequence. */
    private void settleSharedValues(RuleAction consequence) {
        Map<Integer, Set<String>> seen = new HashMap<>();
        Map<Integer, Set<String>> shared = new TreeMap<>();
        for (int i = 0; i < layout.columns().size(); i++) {
            if (layout.columns().get(i).effectOfSharing(layout.rules()).equals(Optional.of(consequence))) {
                seen.put(i, new HashSet<>());
                shared.put(i, new HashSet<>());
            }
        }
        eachValue(shared.keySet(), (row, column, value) -> {
            if (!seen.get(column).add(value)) {
                shared.get(column).add(value);
            }
        });
        // Who had a value first is known only when all have been seen.
        eachValue(shared.keySet(), (row, column, value) -> {
            if (shared.get(column).contains(value)) {
                Column where = layout.columns().get(column);
                problems.add(new Problem(
                        row.key(),
                        where.treatment().duplicate().orElseThrow(),
                        where.header(),
                        where.doneAboutSharing(layout.rules())));
            }
        });
        sharedByColumn.putAll(shared);
    }

    @FunctionalInterface
    private interface ValueUse {
        void of(Kept row, int column, String value);
    }

    /** Gives out the values of some columns of the rows that are left by now. */
    private void eachValue(Set<Integer> columns, ValueUse use) {
        for (Kept row : columns.isEmpty() ? List.<Kept>of() : kept) {
            String[] values = row.values();
            if (stays(values)) {
                columns.stream()
                        .filter(column -> !values[column].isEmpty())
                        .forEach(column -> use.of(row, column, values[column]));
            }
        }
    }

    /** Whether the row is in the file; blanks what must not be sent of it. */
    private boolean stays(String[] values) {
        boolean stays = true;
        for (Map.Entry<Integer, Set<String>> shared : sharedByColumn.entrySet()) {
            int column = shared.getKey();
            if (shared.getValue().contains(values[column])) {
                stays &= !layout.columns()
                        .get(column)
                        .effectOfSharing(layout.rules())
                        .equals(Optional.of(RuleAction.REJECT_ROW));
                values[column] = stays ? "" : values[column];
            }
        }
        return stays;
    }
}
