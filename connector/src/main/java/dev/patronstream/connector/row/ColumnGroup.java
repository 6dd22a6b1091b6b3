package dev.patronstream.connector.row;

/** Columns that are read only when a feed needs them; everything else the contracts hold is always captured. */
public enum ColumnGroup {
    /** LNA, FNA, MNA: sent beside the names of record they can out a student, so they are asked for. */
    PREFERRED_NAMES,
    /** BD. */
    BIRTH_DATE,
    /** AD, CY, ST, ZC. */
    ADDRESS,
    /** TL. */
    TELEPHONE
}
