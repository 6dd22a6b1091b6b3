package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.rules.RuleAction;
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
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The rows of a file, and in their places among them those of people who left: as last delivered, and inactive in every
 * column that says the status.
 *
 * <p>A value last delivered that the layout of today does not take (a letter that its encoding lacks, say) meets the same
 * rules as everybody's, and so does a column that must not be blank and was not there then. An identifier that somebody
 * else has by now is not sent with a leaver: one that leaves nothing to match by keeps the leaver out. All of it is
 * reported. Not thread-safe.
 */
public final class RowsWithLeavers implements PatronRows {

    private final PatronRows file;
    private final List<PatronRow> candidates = new ArrayList<>();
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
        RowRenderer renderer = new RowRenderer(file.layout());
        List<PatronRow> fit = new ArrayList<>();
        for (Leaver leaver : leavers) {
            RowRenderer.Rendered rendered = renderer.renderAgain(leaver);
            problems.addAll(rendered.problems());
            PatronRow row = row(leaver, rendered.values(), status.getAsInt());
            candidates.add(row);
            if (!rendered.rejected()) {
                fit.add(row);
            }
        }
        Map<Integer, Set<String>> taken = identifiersOfOthers(fit);
        for (PatronRow row : fit) {
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

    /** Returns what the rules found in leavers. */
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

    private PatronRow row(Leaver leaver, List<String> values, int status) {
        int site = layout().positionOf(Layout.SITE_KEY).orElseThrow();
        return new PatronRow(leaver.kind(), leaver.id(), layout().headers(), List.copyOf(values), site, status);
    }

    /** What is known of somebody who left. */
    public static FeedEntry gone(PatronKind kind, int id) {
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

    /** Returns what becomes of somebody who left, column by column; empty for everybody else. */
    public Optional<RowExplanation> explain(PatronKind kind, int id) {
        Predicate<PatronRow> wanted = row -> row.kind() == kind && row.id() == id;
        Optional<PatronRow> sent = leavers.stream().filter(wanted).findFirst();
        return candidates.stream().filter(wanted).findFirst().map(candidate -> {
            List<RowExplanation.Value> values = new ArrayList<>();
            for (int i = 0; i < candidate.headers().size(); i++) {
                values.add(new RowExplanation.Value(
                        candidate.headers().get(i),
                        sent.orElse(candidate).values().get(i),
                        layout().columns().get(i).treatment().tellsStatus()
                                ? "who left is inactive"
                                : "as last delivered"));
            }
            List<Problem> own = problems.stream()
                    .filter(problem -> problem.key().equals(Keys.person(kind, id)))
                    .toList();
            return new RowExplanation(sent.isPresent(), values, own, sharedWith(candidate, own));
        });
    }

    private Map<String, List<String>> sharedWith(PatronRow leaver, List<Problem> own) {
        Map<String, List<String>> shared = new HashMap<>();
        for (Problem problem : own) {
            int column = leaver.headers().indexOf(problem.field());
            if (!layout().columns().get(column).treatment().duplicate().equals(Optional.of(problem.rule()))) {
                continue;
            }
            Consumer<PatronRow> note = row -> {
                if (row.values().get(column).equals(leaver.values().get(column))) {
                    shared.computeIfAbsent(problem.field(), field -> new ArrayList<>())
                            .add(Keys.person(row.kind(), row.id()));
                }
            };
            file.rows(note);
            candidates.stream().filter(row -> !row.equals(leaver)).forEach(note);
        }
        return shared;
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
            problems.add(new Problem(
                    Keys.person(row.kind(), row.id()),
                    column.treatment().duplicate().orElseThrow(),
                    column.header(),
                    column.doneAboutSharing(layout().rules())));
            if (column.effectOfSharing(layout().rules()).equals(Optional.of(RuleAction.REJECT_ROW))) {
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
                .filter(i -> columns.get(i).isIdentifier())
                .boxed()
                .toList();
    }
}
