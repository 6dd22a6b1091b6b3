package dev.patronstream.connector.status;

import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.RowProblem;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.status.ConnectorStatus.Notice;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The rows that have a value that cannot be carried, until they are read without it. Not thread-safe. */
final class OpenProblems {

    /** Of one column and reason; the first ones, for a person to begin with. */
    private static final int MOST_ROWS = 100;

    private final Map<SourceTable, Map<String, Problem>> open = new EnumMap<>(SourceTable.class);

    private record Problem(Instant at, Set<String> rows) {

        Notice notice(String about) {
            String last = List.copyOf(rows).get(rows.size() - 1);
            int others = rows.size() - 1;
            String more =
                    (rows.size() == MOST_ROWS ? "at least " : "") + others + (others == 1 ? " more row" : " more rows");
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
