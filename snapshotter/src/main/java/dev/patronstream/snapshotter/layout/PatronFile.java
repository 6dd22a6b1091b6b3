package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.snapshotter.rules.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The rows of a feed in one layout, and what is wrong with the patrons behind them.
 *
 * <p>Each patron is judged once; a row is kept as one text, so that memory grows by little more than the file. Not
 * thread-safe.
 */
public final class PatronFile implements Iterable<PatronRow> {

    /** Between the values of a row; rules take control characters out of values. */
    private static final char BETWEEN = '\u001F';

    private static final Comparator<Kept> ORDER =
            Comparator.comparing(Kept::kind).thenComparingInt(Kept::id);

    private final Layout layout;
    private final RowRenderer renderer;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> problemsOfLeavers = new ArrayList<>();
    private final List<Kept> leavers = new ArrayList<>();

    /** By column and value, where more than one row has it: the keys of those rows. */
    private final Map<Integer, Map<String, List<String>>> sharers = new TreeMap<>();

    private List<Kept> rows = new ArrayList<>();
    private int leaversSent;

    private record Kept(PatronKind kind, int id, String cells) {

        static Kept of(PatronKind kind, int id, List<String> values) {
            if (values.stream().anyMatch(value -> value.indexOf(BETWEEN) >= 0)) {
                throw new IllegalArgumentException("A value of " + Keys.person(kind, id) + " has a control character");
            }
            return new Kept(kind, id, String.join(String.valueOf(BETWEEN), values));
        }

        String[] values(int columns) {
            String[] values = new String[columns];
            int from = 0;
            for (int i = 0; i < columns; i++) {
                int to = i < columns - 1 ? cells.indexOf(BETWEEN, from) : cells.length();
                values[i] = cells.substring(from, to);
                from = to + 1;
            }
            return values;
        }

        /** Returns one of the values without taking all apart. */
        String value(int column) {
            int from = 0;
            for (int i = 0; i < column; i++) {
                from = cells.indexOf(BETWEEN, from) + 1;
            }
            int to = cells.indexOf(BETWEEN, from);
            return cells.substring(from, to < 0 ? cells.length() : to);
        }

        String key() {
            return Keys.person(kind, id);
        }
    }

    /** Makes the file of the entries of a feed, one per patron, in the order of the file. */
    public PatronFile(Layout layout, Iterable<FeedEntry> entries) {
        this.layout = layout;
        this.renderer = new RowRenderer(layout);
        for (FeedEntry entry : entries) {
            RowRenderer.Rendered rendered = renderer.render(entry);
            problems.addAll(rendered.problems());
            if (!rendered.rejected()) {
                rows.add(Kept.of(entry.getKind(), entry.getId(), rendered.values()));
            }
        }
        // Who is left out takes nobody's identifier: neither by a rule of its own, nor for a District ID that is
        // shared.
        settleSharedValues(column -> column.isLeftOutWhenShared(layout.rules()));
        settleSharedValues(column -> !column.isLeftOutWhenShared(layout.rules()));
    }

    private void settleSharedValues(Predicate<Column> which) {
        var found = sharers(which, rows);
        if (!found.isEmpty()) {
            sharers.putAll(found);
            rows = settled(rows, problems);
        }
    }

    /** Somebody who left, with the values last delivered, by header. */
    public record Leaver(PatronKind kind, int id, Map<String, String> values) {

        /** Returns what is known of somebody who left besides that. */
        public static FeedEntry entry(PatronKind kind, int id) {
            return FeedEntry.newBuilder()
                    .setFeed("")
                    .setKind(kind)
                    .setId(id)
                    .setPrimary(Affiliation.newBuilder()
                            .setStatus(PatronStatus.INACTIVE)
                            .build())
                    .setEpoch(0)
                    .setWatermark("")
                    .build();
        }
    }

    /**
     * Returns the same file with people who left in their places among the others: as last delivered, and inactive in every
     * column that says the status.
     *
     * <p>A value last delivered that the layout of today does not take (a letter that its encoding lacks, say) meets the
     * same rules as everybody's, and so does a column that must not be blank and was not there then. An identifier that
     * somebody else has by now is not sent with a leaver: one that leaves nothing to match by keeps the leaver out. All of
     * it is reported.
     *
     * @param left those who left, and are not in the file
     */
    public PatronFile withLeavers(List<Leaver> left) {
        PatronFile all = new PatronFile(layout, List.of());
        all.problems.addAll(problems);
        all.addLeavers(left, rows);
        return all;
    }

    private void addLeavers(List<Leaver> left, List<Kept> others) {
        List<Kept> fit = new ArrayList<>();
        for (Leaver leaver : left) {
            RowRenderer.Rendered rendered = renderer.renderAgain(leaver);
            problemsOfLeavers.addAll(rendered.problems());
            Kept row = Kept.of(leaver.kind(), leaver.id(), rendered.values());
            leavers.add(row);
            if (!rendered.rejected()) {
                fit.add(row);
            }
        }
        if (!fit.isEmpty()) {
            List<Kept> all = Stream.concat(others.stream(), fit.stream()).toList();
            sharers.putAll(sharers(column -> true, all));
        }
        List<Kept> sent = settled(fit, problemsOfLeavers);
        leaversSent = sent.size();
        rows = Stream.concat(others.stream(), sent.stream()).sorted(ORDER).toList();
    }

    public int leavers() {
        return leaversSent;
    }

    /** Returns what the rules found: about single patrons, about those who share a value, about leavers. */
    public List<Problem> problems() {
        return Stream.concat(problems.stream(), problemsOfLeavers.stream()).toList();
    }

    public boolean holds(PatronKind kind, int id) {
        return find(kind, id).isPresent();
    }

    private Optional<Kept> find(PatronKind kind, int id) {
        int at = Collections.binarySearch(rows, new Kept(kind, id, ""), ORDER);
        return at >= 0 ? Optional.of(rows.get(at)) : Optional.empty();
    }

    public Layout layout() {
        return layout;
    }

    /** Returns the rows, students first, then staff, each by ID; the same ones each time. */
    @Override
    public Iterator<PatronRow> iterator() {
        List<String> headers = layout.headers();
        int site = layout.positionOf(Layout.SITE_KEY).orElseThrow();
        int status = layout.positionOf(Layout.STATUS_KEY).orElseThrow();
        return rows.stream()
                .map(row ->
                        new PatronRow(row.kind(), row.id(), headers, List.of(row.values(headers.size())), site, status))
                .iterator();
    }

    /** Returns what became of one of the patrons, column by column. */
    public RowExplanation explain(FeedEntry entry) {
        Kept row =
                Kept.of(entry.getKind(), entry.getId(), renderer.render(entry).values());
        return explain(row, problems, column -> column.source().apply(entry));
    }

    /** Returns what becomes of somebody who left, column by column; empty for everybody else. */
    public Optional<RowExplanation> explain(PatronKind kind, int id) {
        return leavers.stream()
                .filter(row -> row.kind() == kind && row.id() == id)
                .findFirst()
                .map(row -> explain(
                        row,
                        problemsOfLeavers,
                        column -> column.treatment().tellsStatus() ? "who left is inactive" : "as last delivered"));
    }

    private RowExplanation explain(Kept row, List<Problem> all, Function<Column, String> source) {
        Optional<Kept> sent = find(row.kind(), row.id());
        String[] shown = sent.orElse(row).values(layout.columns().size());
        String[] made = row.values(layout.columns().size());
        List<RowExplanation.Value> values = new ArrayList<>();
        Map<String, List<String>> sharedWith = new TreeMap<>();
        for (int i = 0; i < made.length; i++) {
            Column column = layout.columns().get(i);
            values.add(new RowExplanation.Value(column.header(), shown[i], source.apply(column)));
            List<String> keys = sharers.getOrDefault(i, Map.of()).getOrDefault(made[i], List.of());
            if (!keys.isEmpty()) {
                sharedWith.put(
                        column.header(),
                        keys.stream().filter(key -> !key.equals(row.key())).toList());
            }
        }
        List<Problem> own =
                all.stream().filter(problem -> problem.key().equals(row.key())).toList();
        return new RowExplanation(sent.isPresent(), values, own, sharedWith);
    }

    /** Returns by column and value who has it, of the values of some identifying columns that more than one row has. */
    private Map<Integer, Map<String, List<String>>> sharers(Predicate<Column> which, List<Kept> among) {
        Map<Integer, Map<String, List<String>>> found = new TreeMap<>();
        for (int i = 0; i < layout.columns().size(); i++) {
            if (layout.columns().get(i).isIdentifier()
                    && which.test(layout.columns().get(i))) {
                found.put(i, sharers(i, among));
            }
        }
        found.values().removeIf(Map::isEmpty);
        return found;
    }

    private static Map<String, List<String>> sharers(int column, List<Kept> among) {
        Set<Integer> suspects = repeated(among.stream()
                .map(row -> row.value(column))
                .filter(value -> !value.isEmpty())
                .mapToInt(String::hashCode)
                .sorted()
                .toArray());
        Map<String, List<String>> sharers = new HashMap<>();
        for (Kept row : suspects.isEmpty() ? List.<Kept>of() : among) {
            String value = row.value(column);
            if (!value.isEmpty() && suspects.contains(value.hashCode())) {
                sharers.computeIfAbsent(value, first -> new ArrayList<>()).add(row.key());
            }
        }
        sharers.values().removeIf(keys -> keys.size() == 1);
        return sharers;
    }

    /** Hashes instead of values: the values of a large district would take more memory than the file. */
    private static Set<Integer> repeated(int[] sorted) {
        Set<Integer> repeated = new HashSet<>();
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                repeated.add(sorted[i]);
            }
        }
        return repeated;
    }

    /** Returns what is sent of rows whose identifiers others have, too; of a leaver one reason to leave it out will do. */
    private List<Kept> settled(List<Kept> unsettled, List<Problem> report) {
        List<Kept> settled = new ArrayList<>();
        for (Kept row : unsettled) {
            String[] values = row.values(layout.columns().size());
            Kept left = row;
            boolean stays = true;
            for (int i : sharers.keySet()) {
                if (sharers.get(i).containsKey(values[i]) && (stays || report != problemsOfLeavers)) {
                    Column column = layout.columns().get(i);
                    report.add(new Problem(
                            row.key(),
                            column.treatment().duplicate().orElseThrow(),
                            column.header(),
                            column.doneAboutSharing(layout.rules())));
                    stays &= !column.isLeftOutWhenShared(layout.rules());
                    values[i] = "";
                    left = Kept.of(row.kind(), row.id(), List.of(values));
                }
            }
            if (stays) {
                settled.add(left);
            }
        }
        return settled;
    }
}
