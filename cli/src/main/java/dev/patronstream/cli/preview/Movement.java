package dev.patronstream.cli.preview;

import java.util.Optional;

/**
 * What becomes of one patron of a feed.
 *
 * @param person the patron's key, as in {@code student/99400001}
 * @param before where the patron is now; empty for one who is new in the feed
 * @param after where the patron will be, or why nowhere
 */
public record Movement(String person, Optional<Place> before, After after) {

    /**
     * A place in the feed.
     *
     * @param school the school's code; empty for staff without a school
     * @param grade the grade; empty for staff
     */
    public record Place(Optional<Integer> school, Optional<Integer> grade) {}

    /** Where a patron will be. */
    public sealed interface After {}

    /** In the feed. */
    public record There(Place place) implements After {}

    /** Not in the feed any more. */
    public enum Gone implements After {
        /** The status is none of the feed's. */
        INACTIVE("inactive there"),
        /** Enrolled, but at a school that is not the feed's. */
        OUTSIDE("at a school outside the feed"),
        /** The database has no row of the person. */
        WITHOUT_ROW("without a row");

        private final String words;

        Gone(String words) {
            this.words = words;
        }

        /** Returns it in words. */
        public String inWords() {
            return words;
        }
    }
}
