package dev.patronstream.connector.status;

import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.RowProblem;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.status.ConnectorStatus.Counters;
import dev.patronstream.connector.status.ConnectorStatus.Notice;
import dev.patronstream.connector.status.ConnectorStatus.State;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.SnapshotTaken;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the status; one thread writes it, any thread reads it. */
public final class StatusBoard {

    private static final Logger LOGGER = LoggerFactory.getLogger(StatusBoard.class);
    private static final int MOST_NOTICES = 10;
    private static final int MOST_LOGGED = 10_000;

    private State state = new ConnectorStatus.Starting();
    private OptionalLong lastEpoch = OptionalLong.empty();
    private Optional<Lsn> watermark = Optional.empty();
    private Freshness freshness = Freshness.NOT_YET;
    private Optional<Instant> lastPublished = Optional.empty();
    private long rows;
    private long sourceTransactions;
    private long kafkaTransactions;
    private long epochs;
    private long splits;
    private long repeated;
    private long unreadable;
    private long retries;
    private List<String> warnings = List.of();
    private List<Notice> notices = List.of();
    private final OpenProblems problems = new OpenProblems();
    private final Set<RowProblem> logged = new HashSet<>();

    public synchronized ConnectorStatus read() {
        List<Notice> all = Stream.concat(problems.notices().stream(), notices.stream())
                .sorted(Comparator.comparing(Notice::at).reversed())
                .toList();
        Counters counters = new Counters(
                rows, sourceTransactions, kafkaTransactions, epochs, splits, repeated, unreadable, retries);
        return new ConnectorStatus(state, lastEpoch, watermark, freshness, lastPublished, counters, warnings, all);
    }

    public synchronized void state(State now) {
        state = now;
    }

    /** Something takes long; the state returns by itself with {@link #goesOn}. */
    public synchronized void waiting(String reason) {
        goesOn();
        state = new ConnectorStatus.Waiting(reason, state);
    }

    /** What took long is over. */
    public synchronized void goesOn() {
        state = state instanceof ConnectorStatus.Waiting waiting ? waiting.during() : state;
    }

    public synchronized void freshness(Freshness now) {
        freshness = now;
    }

    public synchronized void warnings(List<String> now) {
        warnings = List.copyOf(now);
    }

    /** Something happened; what is said again moves up. */
    public synchronized void notice(Instant at, String text) {
        notices = Stream.concat(
                        Stream.of(new Notice(at, text)),
                        notices.stream().filter(notice -> !notice.text().equals(text)))
                .limit(MOST_NOTICES)
                .toList();
    }

    /** Capture goes on with rows that it has known to have values that cannot be carried. */
    public synchronized void problems(Instant at, Map<SourceTable, Map<String, List<String>>> known) {
        problems.replace(at, known);
    }

    /** Returns, by table and problem, rows with values that cannot be carried. */
    public synchronized Map<SourceTable, Map<String, List<String>>> problems() {
        return problems.rows();
    }

    /** A row is read; what was wrong with it is over. */
    public synchronized void mapped(RowKey row) {
        problems.forget(row);
    }

    /**
     * A value cannot be carried: said once for all rows of its column until they are read without. Counted and logged once,
     * however often the row is read.
     */
    public synchronized void problem(Instant at, RowProblem problem) {
        problems.add(at, problem);
        if (logged.size() >= MOST_LOGGED) {
            logged.clear();
        }
        if (!logged.add(problem)) {
            return;
        }
        unreadable++;
        LOGGER.atWarn()
                .addKeyValue("table", problem.table())
                .addKeyValue("column", problem.column())
                .addKeyValue("key", problem.key())
                .addKeyValue("reason", problem.reason())
                .log(problem.withheld() ? "A row is left out" : "A field is left empty");
    }

    public synchronized void epoch(long epoch, Lsn reached, Optional<Instant> published) {
        lastEpoch = OptionalLong.of(epoch);
        watermark = Optional.of(reached);
        lastPublished = published.or(() -> lastPublished);
    }

    /** A snapshot came to its end. */
    public void snapshot(SnapshotTaken taken) {
        notice(
                taken.getCompletedAt(),
                "the tables were read in full (" + taken.getReason() + "): "
                        + (taken.getWritten() == 1 ? "1 row differed" : taken.getWritten() + " rows differed")
                        + " from the topics, " + taken.getRemoved() + " of them gone from the tables");
    }

    /** The engine handed changes over again. */
    public synchronized void repeated(long more) {
        repeated += more;
    }

    /** Capture starts over. */
    public synchronized void retried() {
        retries++;
    }

    /** Rows were written in a Kafka transaction. */
    public synchronized void written(long rows, long sourceTransactions, long epochs, long splits) {
        this.rows += rows;
        this.sourceTransactions += sourceTransactions;
        this.epochs += epochs;
        this.splits += splits;
        kafkaTransactions++;
    }

    /** The rows that have a value that cannot be carried, until they are read without it. */
    private static final class OpenProblems {

        /** Of one column and reason; the first ones, for a person to begin with. */
        private static final int MOST_ROWS = 100;

        private final Map<SourceTable, Map<String, Problem>> open = new EnumMap<>(SourceTable.class);

        private record Problem(Instant at, Set<String> rows) {

            Notice notice(String about) {
                String last = List.copyOf(rows).get(rows.size() - 1);
                int others = rows.size() - 1;
                String more = (rows.size() == MOST_ROWS ? "at least " : "")
                        + others
                        + (others == 1 ? " more row" : " more rows");
                return new Notice(at, about + " (row " + last + (others == 0 ? ")" : ", and " + more + ")"));
            }
        }

        void add(Instant at, RowProblem problem) {
            add(at, problem.table(), problem.about(), List.of(problem.key()));
        }

        private void add(Instant at, SourceTable table, String about, List<String> rows) {
            Map<String, Problem> ofTable = open.computeIfAbsent(table, none -> new TreeMap<>());
            Set<String> known = new LinkedHashSet<>();
            if (ofTable.containsKey(about)) {
                known.addAll(ofTable.get(about).rows());
            }
            for (String row : rows) {
                if (known.size() < MOST_ROWS) {
                    known.add(row);
                }
            }
            ofTable.put(about, new Problem(at, known));
        }

        /** The row is read again, or gone. */
        void forget(RowKey row) {
            if (open.containsKey(row.table())) {
                Map<String, Problem> ofTable = open.get(row.table());
                ofTable.values().forEach(problem -> problem.rows().remove(row.key()));
                ofTable.values().removeIf(problem -> problem.rows().isEmpty());
            }
        }

        /** Takes the place of what was known. */
        void replace(Instant at, Map<SourceTable, Map<String, List<String>>> kept) {
            open.clear();
            kept.forEach((table, problems) -> problems.forEach((about, rows) -> add(at, table, about, rows)));
        }

        /** Returns, by table and problem, the rows. */
        Map<SourceTable, Map<String, List<String>>> rows() {
            return open.entrySet().stream()
                    .filter(table -> !table.getValue().isEmpty())
                    .collect(Collectors.toMap(Map.Entry::getKey, table -> table.getValue().entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey,
                                    problem -> List.copyOf(problem.getValue().rows())))));
        }

        List<Notice> notices() {
            return open.values().stream()
                    .flatMap(problems -> problems.entrySet().stream())
                    .map(problem -> problem.getValue().notice(problem.getKey()))
                    .toList();
        }
    }
}
