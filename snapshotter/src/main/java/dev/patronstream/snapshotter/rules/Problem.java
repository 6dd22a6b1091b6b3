package dev.patronstream.snapshotter.rules;

/**
 * One line of the problem report. Never holds a value: names and addresses are private.
 *
 * @param key the patron, as in the feed: {@code student/99400001}
 * @param rule the rule that was broken
 * @param field header of the column
 * @param done what was done about it
 */
public record Problem(String key, Rule rule, String field, String done) {

    public static final String ROW_LEFT_OUT = "row left out";
    public static final String FIELD_LEFT_BLANK = "field left blank";
    public static final String DELIVERY_HELD = "; delivery held";
}
