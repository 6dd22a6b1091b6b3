package dev.patronstream.connector.row;

import java.util.Locale;

/**
 * What is read only when a feed needs it: some columns, and the columns of a table of their own. Everything else that the
 * contracts hold is always captured.
 */
public enum ColumnGroup {
    /** LNA, FNA, MNA: sent beside the names of record they can out a student, so they are asked for. */
    PREFERRED_NAMES,
    /** BD. */
    BIRTH_DATE,
    /** AD, CY, ST, ZC. */
    ADDRESS,
    /** TL. */
    TELEPHONE,
    /** The table TCH, which is not in the usual grant: the names of the teachers. */
    TEACHERS,
    /** CNS, which newer versions of Aeries have: counselors by their staff ID. */
    STAFF_COUNSELORS;

    /** Returns its name in {@code sqlserver.columns}: {@code preferred-names}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
