package dev.patronstream.connector.check;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.patronstream.connector.database.CaptureInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is captured of the database, as the position remembers it.
 *
 * @param fingerprint another one when other columns are captured, or columns of another kind
 * @param types by table and column ({@code STU.LN}): the type as T-SQL writes it
 */
public record CapturedLayout(
        @JsonProperty("columns") String fingerprint,
        @JsonProperty("layout") Map<String, String> types,
        List<CaptureInstance> instances) {

    private static final Set<String> TEXT = Set.of("char", "varchar", "nchar", "nvarchar");

    public CapturedLayout {
        types = Map.copyOf(types);
    }

    /**
     * Returns what matters of a type: texts of any length are read alike; another size of a number, or another type, is
     * not what Debezium has noted of the table, and it would cut the values to the old one.
     */
    static String kind(String type) {
        int size = type.indexOf('(');
        return TEXT.contains(size < 0 ? type : type.substring(0, size)) ? "text" : type;
    }

    /** Returns in words, in the order of the columns, how these columns differ from those before. */
    public List<String> changesSince(CapturedLayout before) {
        List<String> changes = new ArrayList<>();
        before.types().keySet().stream()
                .filter(column -> !types.containsKey(column))
                .sorted()
                .forEach(column -> changes.add("column " + column + " is gone"));
        types.keySet().stream().sorted().forEach(column -> {
            String was = before.types().get(column);
            String is = types.get(column);
            if (was == null) {
                changes.add("column " + column + " is captured from now on");
            } else if (!was.equals(is)) {
                changes.add("column " + column + " is " + is + " and was " + was);
            }
        });
        return changes;
    }
}
