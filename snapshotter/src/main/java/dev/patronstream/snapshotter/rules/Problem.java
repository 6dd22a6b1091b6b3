package dev.patronstream.snapshotter.rules;

/**
 * One line of the problem report: the patron by key, the rule, the header of the column, and what was done. Never holds
 * a value: names and addresses are private.
 */
public record Problem(String key, Rule rule, String field, String done) {

    public static final String ROW_LEFT_OUT = "row left out";
    public static final String FIELD_LEFT_BLANK = "field left blank";
    public static final String DELIVERY_HELD = "; delivery held";
}
