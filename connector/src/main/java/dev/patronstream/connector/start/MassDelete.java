package dev.patronstream.connector.start;

import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.epoch.TopicContent;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.schemas.Counted;
import dev.patronstream.schemas.Removal;
import dev.patronstream.schemas.feed.Removals;
import dev.patronstream.schemas.secret.Sha256;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a snapshot taken now would remove: the rows that the topics hold and the tables do not. Found by the tables' keys
 * alone, before anything is published.
 *
 * @param id stands for the database, the counts and the very rows, or what else is counted
 * @param removals by table: what would be removed, where anything would
 */
public record MassDelete(String id, Map<SourceTable, Removal> removals) {

    private static final int ID_BYTES = 6;

    public MassDelete {
        removals = Map.copyOf(removals);
    }

    /** Compares the keys of the tables with those of the topics. */
    public static MassDelete of(TopicContent content, Source source, SourceDatabase database) throws SQLException {
        List<String> identity = new ArrayList<>(List.of(source.incarnation().id()));
        Map<SourceTable, Removal> removals = new TreeMap<>();
        for (TableColumns table : source.tables()) {
            Set<String> gone = new HashSet<>(content.keys(table.table()));
            if (gone.isEmpty()) {
                continue;
            }
            List<String> columns = table.keyColumns();
            database.tables().live(table, columns, source.snapshotIsolation(), row -> table.table()
                    .keyOf(columns.stream().map(row::text).toList())
                    .ifPresent(gone::remove));
            if (!gone.isEmpty()) {
                removals.put(
                        table.table(),
                        new Removal((long) gone.size(), (long) content.rows(table.table()), Counted.ROWS));
                identity.add(table.table() + " " + content.rows(table.table()));
                identity.addAll(new TreeSet<>(gone));
            }
        }
        return new MassDelete(idOf(identity), removals);
    }

    /**
     * Returns this mass delete with something else counted for a table than its rows.
     *
     * @param removal what is counted in their place
     * @param gone the very things that would be removed, in their order
     */
    public MassDelete counting(SourceTable table, Removal removal, SortedSet<?> gone) {
        List<String> identity = new ArrayList<>();
        identity.add(id);
        identity.add(table + " " + removal.getCounted() + " " + removal.getHeld());
        gone.forEach(one -> identity.add(String.valueOf(one)));
        Map<SourceTable, Removal> counted = new TreeMap<>(removals);
        counted.put(table, removal);
        return new MassDelete(idOf(identity), counted);
    }

    /**
     * Returns, in words, the tables that would lose more than a share of their rows beyond what was approved; empty text
     * when none would.
     */
    public String above(double share, Map<SourceTable, Long> approved) {
        return Removals.words(removals.entrySet().stream()
                .filter(entry -> isAbove(
                        entry.getValue().getRows(),
                        entry.getValue().getHeld(),
                        share,
                        approved.getOrDefault(entry.getKey(), 0L)))
                .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue)));
    }

    /** Whether so many rows are more than a share of those held, beyond what was approved. */
    public static boolean isAbove(long rows, long held, double share, long approved) {
        return rows > approved && rows - approved > share * held;
    }

    /** Returns, by table, how many rows would be removed. */
    public Map<SourceTable, Long> counts() {
        return removals.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .getRows()));
    }

    private static String idOf(List<String> identity) {
        return Sha256.of(String.join("\0", identity) + "\0", ID_BYTES);
    }
}
