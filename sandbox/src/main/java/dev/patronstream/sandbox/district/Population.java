package dev.patronstream.sandbox.district;

import java.time.LocalDate;

/**
 * Who may come, move and go, so that a district keeps its size however long life goes on.
 *
 * <p>Names, grades and e-mails change for everybody. Enrollments change only for the <em>movers</em>, one student in 25,
 * and for the <em>newcomers</em>, whom life itself has enrolled and of whom there are never more than 3 % of the
 * district. So between any two moments, however far apart, at most some 7 % of a feed can have been added, removed or
 * moved: under the thresholds at which a delivery is held.
 */
public final class Population {

    public static final int FIRST_NEW_STUDENT = 99_900_001;
    public static final int FIRST_NEW_STAFF = 90_001;
    private static final int NEWCOMERS_IN_HUNDRED = 3;

    public static final String LIVE = "([DEL] IS NULL OR [DEL] = 0)";
    public static final String NO_TAG = "LTRIM(RTRIM(ISNULL([TG], ''))) = ''";
    public static final String ACTIVE = LIVE + " AND " + NO_TAG;
    public static final String MAY_MOVE = "([ID] % 25 = 3 OR [ID] >= " + FIRST_NEW_STUDENT + ")";
    public static final String STAFF_MAY_MOVE =
            "([ID] % 25 = 3 OR ([ID] >= " + FIRST_NEW_STAFF + " AND [ID] < " + Students.FIRST_ID + "))";
    public static final String NEW_STUDENT = "[ID] >= " + FIRST_NEW_STUDENT;
    public static final String NEW_STAFF = "[ID] >= " + FIRST_NEW_STAFF + " AND [ID] < " + Students.FIRST_ID;

    private Population() {}

    /** How many newcomers there may be among so many people. */
    public static int mostNewcomers(int people) {
        return Math.max(2, people * NEWCOMERS_IN_HUNDRED / 100);
    }

    /** A date as a literal that SQL Server reads alike in every language. */
    public static String midnight(LocalDate date) {
        return "'" + date + "T00:00:00'";
    }
}
