package dev.patronstream.benchmarks.endurance.judge;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was found wrong: counted, with some examples by key and LSN, never with a row's values. Thread-safe. */
public final class Findings {

    private static final int EXAMPLES = 10;

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, List<String>> examples = new EnumMap<>(Kind.class);

    /** The ways in which a promise can be broken. */
    public enum Kind {
        /** A committed state that no record shows. */
        LOST("lost"),
        /** A record too many. */
        DUPLICATED("duplicated"),
        /** A record that shows another state than was committed. */
        WRONG_STATE("wrong state"),
        /** Records of a row in another order than the commits. */
        OUT_OF_ORDER("out of order"),
        /** A source transaction or an epoch that is not whole. */
        TORN("torn"),
        /** A CSV that is not the oracle's. */
        WRONG_FILE("wrong CSV"),
        /** A feed that is not the oracle's, or an entry that was written though nothing changed. */
        WRONG_FEED("wrong feed"),
        /** An attempt, or a file at the vendor, that no receipt tells of. */
        RECEIPT("receipt missing or wrong"),
        /** Something was wrong, and nothing said so. */
        SILENT("silent"),
        /** Something that did not work again within the time it was given. */
        STUCK("stuck"),
        /** An old connector that went on beside a new one. */
        ZOMBIE("zombie"),
        /** What {@code audit} found. */
        AUDIT("audit");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** The kind in words. */
        public String inWords() {
            return words;
        }
    }

    /** Adds one. */
    public synchronized void add(Kind kind, String what) {
        counts.merge(kind, 1L, Long::sum);
        List<String> known = examples.computeIfAbsent(kind, k -> new ArrayList<>());
        if (known.size() < EXAMPLES) {
            known.add(what);
        }
    }

    /** How many of a kind there are. */
    public synchronized long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** The first ones of a kind. */
    public synchronized List<String> examples(Kind kind) {
        return List.copyOf(examples.getOrDefault(kind, List.of()));
    }

    /** Whether nothing was found. */
    public synchronized boolean isEmpty() {
        return counts.isEmpty();
    }
}
