package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The rows of a file, and in their places among them those of people who left: as last delivered, and inactive.
 *
 * <p>An identifier that somebody else has by now is not sent with a leaver: one that leaves nothing to match by keeps the
 * leaver out, and is reported. Not thread-safe.
 */
public final class RowsWithLeavers implements PatronRows {

    private static final String INACTIVE = "I";

    private final PatronRows file;
    private final List<PatronRow> leavers = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    /**
     * Somebody who left.
     *
     * @param kind student or staff member
     * @param id the person's ID
     * @param values by header: the value last delivered
     */
    public record Leaver(PatronKind kind, int id, Map<String, String> values) {}

    /**
     * Puts leavers among the rows of a file; a layout without a status cannot tell them apart, and gets none.
     *
     * @param file the rows of those who are in the feed
     * @param leavers those who left, in the order of the file, and not in it
     */
    public RowsWithLeavers(PatronRows file, List<Leaver> leavers) {
        this.file = file;
        OptionalInt status = file.layout().positionOf(Layout.STATUS_KEY);
        if (status.isEmpty() || leavers.isEmpty()) {
            return;
        }
        List<PatronRow> rows =
                leavers.stream().map(leaver -> row(leaver, status.getAsInt())).toList();
        Map<Integer, Set<String>> taken = identifiersOfOthers(rows);
        for (PatronRow row : rows) {
            withoutOthersIdentifiers(row, taken).ifPresent(this.leavers::add);
        }
    }

    @Override
    public Layout layout() {
        return file.layout();
    }

    /** Returns how many leavers are in the file. */
    public int leavers() {
        return leavers.size();
    }

    /** Returns what kept identifiers of leavers, or leavers, out. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    @Override
    public void rows(Consumer<PatronRow> sink) {
        Deque<PatronRow> waiting = new ArrayDeque<>(leavers);
        Comparator<PatronRow> order = Comparator.comparing(PatronRow::kind).thenComparingInt(PatronRow::id);
        file.rows(row -> {
            while (!waiting.isEmpty() && order.compare(waiting.peek(), row) < 0) {
                sink.accept(waiting.remove());
            }
            sink.accept(row);
        });
        waiting.forEach(sink);
    }

    private PatronRow row(Leaver leaver, int status) {
        List<String> headers = layout().headers();
        List<String> values = new ArrayList<>();
        for (String header : headers) {
            values.add(leaver.values().getOrDefault(header, ""));
        }
        values.set(status, INACTIVE);
        int site = layout().positionOf(Layout.SITE_KEY).orElseThrow();
        return new PatronRow(leaver.kind(), leaver.id(), headers, List.copyOf(values), site, status);
    }

    /** Returns by column those identifiers of the leavers that somebody in the file, or another leaver, has too. */
    private Map<Integer, Set<String>> identifiersOfOthers(List<PatronRow> rows) {
        Map<Integer, Set<String>> wanted = new HashMap<>();
        Map<Integer, Set<String>> taken = new HashMap<>();
        for (int column : identifyingColumns()) {
            Set<String> seen = wanted.computeIfAbsent(column, c -> new HashSet<>());
            for (PatronRow row : rows) {
                if (!seen.add(row.values().get(column))) {
                    taken.computeIfAbsent(column, c -> new HashSet<>())
                            .add(row.values().get(column));
                }
            }
        }
        file.rows(row -> wanted.forEach((column, identifiers) -> {
            String value = row.values().get(column);
            if (identifiers.contains(value)) {
                taken.computeIfAbsent(column, c -> new HashSet<>()).add(value);
            }
        }));
        return taken;
    }

    private Optional<PatronRow> withoutOthersIdentifiers(PatronRow row, Map<Integer, Set<String>> taken) {
        List<String> values = new ArrayList<>(row.values());
        for (int position : identifyingColumns()) {
            String value = values.get(position);
            if (value.isEmpty() || !taken.getOrDefault(position, Set.of()).contains(value)) {
                continue;
            }
            Column column = layout().columns().get(position);
            Rule rule = column.duplicate().orElseThrow();
            boolean leftOut = layout().rules().effectOf(rule) == RuleAction.REJECT_ROW;
            problems.add(new Problem(
                    Keys.person(row.kind(), row.id()),
                    rule,
                    column.header(),
                    leftOut ? Problem.ROW_LEFT_OUT : Problem.FIELD_LEFT_BLANK));
            if (leftOut) {
                return Optional.empty();
            }
            values.set(position, "");
        }
        return Optional.of(
                new PatronRow(row.kind(), row.id(), row.headers(), List.copyOf(values), row.site(), row.status()));
    }

    private List<Integer> identifyingColumns() {
        List<Column> columns = layout().columns();
        return IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).duplicate().isPresent())
                .boxed()
                .toList();
    }
}
