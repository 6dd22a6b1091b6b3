package dev.patronstream.schemas.feed;

import dev.patronstream.schemas.Removal;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a held snapshot of the database would remove, in words. */
public final class Removals {

    private Removals() {}

    /** Returns counts by source table: {@code 120 of 1000 rows of STU, 2 of 30 rows of STF}; empty text for nothing. */
    public static String words(Map<String, Removal> removals) {
        return new TreeMap<>(removals)
                .entrySet().stream()
                        .map(entry -> entry.getValue().getRows() + " of "
                                + entry.getValue().getHeld() + " "
                                + switch (entry.getValue().getCounted()) {
                                    case ROWS -> "rows of " + entry.getKey();
                                    case ENROLLED_STUDENTS -> "enrolled students";
                                })
                        .collect(Collectors.joining(", "));
    }
}
