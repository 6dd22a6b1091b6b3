package dev.patronstream.standin.cdc;

import dev.patronstream.standin.engine.Catalog;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.engine.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Gives the changes of a transaction their sequence values in random order, keeping the order of the changes of one
 * key. For tests of readers that believe rows arrive sorted. The same transaction is shuffled alike every time.
 */
final class SequenceShuffle {
    private final Connection jdbc;
    private final Catalog catalog;
    private final Map<Integer, String> historyTables;

    SequenceShuffle(Connection jdbc, Catalog catalog, Map<Integer, String> historyTables) {
        this.jdbc = jdbc;
        this.catalog = catalog;
        this.historyTables = historyTables;
    }

    /** For each change, in order, the place its sequence value takes. */
    int[] places(long transaction, long[] ordinals) throws SQLException {
        List<Integer> shuffled = new ArrayList<>();
        for (int i = 0; i < ordinals.length; i++) {
            shuffled.add(i);
        }
        Collections.shuffle(shuffled, new Random(transaction));
        int[] places = shuffled.stream().mapToInt(Integer::intValue).toArray();
        for (List<Integer> changesOfKey : changesByKey(transaction, ordinals).values()) {
            int[] taken =
                    changesOfKey.stream().mapToInt(i -> places[i]).sorted().toArray();
            for (int i = 0; i < taken.length; i++) {
                places[changesOfKey.get(i)] = taken[i];
            }
        }
        return places;
    }

    private Map<String, List<Integer>> changesByKey(long transaction, long[] ordinals) throws SQLException {
        Map<String, List<Integer>> changes = new HashMap<>();
        for (Map.Entry<Integer, String> table : historyTables.entrySet()) {
            List<String> key =
                    catalog.table(table.getKey()).map(TableInfo::keyColumns).orElse(List.of());
            StringBuilder names = new StringBuilder();
            key.forEach(name -> names.append(", ").append(Sql.quoted(name)));
            Sql.query(
                    jdbc,
                    row -> {
                        StringBuilder text = new StringBuilder().append(table.getKey());
                        for (int i = 0; i < key.size(); i++) {
                            text.append('\t').append(row.getString(2 + i));
                        }
                        return changes.computeIfAbsent(text.toString(), k -> new ArrayList<>())
                                .add(Arrays.binarySearch(ordinals, row.getLong(1)));
                    },
                    "SELECT \"__ordinal\"" + names + " FROM " + table.getValue()
                            + " WHERE \"__tx\" = ? AND \"__operation\" <> 3 ORDER BY \"__ordinal\"",
                    transaction);
        }
        return changes;
    }
}
