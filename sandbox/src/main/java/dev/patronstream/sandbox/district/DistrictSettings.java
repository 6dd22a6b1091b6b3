package dev.patronstream.sandbox.district;

import java.time.LocalDate;

/**
 * What a generated district is like; equal settings give equal rows.
 *
 * @param seed where chance begins
 * @param students how many students; 0 for empty tables
 * @param schoolYear the year in which the school year begins
 * @param today the day by which staff have left or will leave
 */
public record DistrictSettings(long seed, int students, int schoolYear, LocalDate today) {

    /** Twice the largest district of the United States. */
    public static final int MOST_STUDENTS = 1_000_000;

    public DistrictSettings {
        if (students < 0 || students > MOST_STUDENTS) {
            throw new IllegalArgumentException(
                    "A district can have 0 to " + MOST_STUDENTS + " students, not " + students);
        }
    }
}
