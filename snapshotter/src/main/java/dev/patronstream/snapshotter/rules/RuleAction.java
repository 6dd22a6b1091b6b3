package dev.patronstream.snapshotter.rules;

import java.util.Locale;

/** What is done about a value that breaks a rule. The ids are those of the configuration. */
public enum RuleAction {
    /** The patron is left out of the file. */
    REJECT_ROW,
    /** The patron is delivered without the value; left out where a column must not be blank. */
    BLANK_FIELD,
    /** The value is delivered, mended in the rule's own way where there is one, and reported. */
    WARN,
    /** The rule's default is done to the row, and the whole delivery waits for a person. */
    HOLD_DELIVERY,
    /** The rule is not asked at all. */
    OFF;

    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
