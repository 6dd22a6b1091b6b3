package dev.patronstream.connector.row;

/**
 * A value that its field cannot hold, named without showing it.
 *
 * @param reason what the value is not, with the column's type
 * @param withheld whether the row is left out for it; else the field is left empty
 */
public record RowProblem(SourceTable table, String column, String key, String reason, boolean withheld) {

    /** Returns in words, without the key, what is wrong and what became of it. */
    public String about() {
        return "a value of " + table + "." + column + " cannot be carried, so "
                + (withheld ? "its row is left out: " : "the field is left empty: ") + reason;
    }
}
