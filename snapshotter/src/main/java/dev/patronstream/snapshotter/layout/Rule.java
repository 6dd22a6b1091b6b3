package dev.patronstream.snapshotter.layout;

/**
 * What a patron's values have to fulfil, each with its default action.
 *
 * <p>The ids are part of the problem report and of the configuration.
 */
public enum Rule {
    /** Destiny ignores a record without a last name. */
    MISSING_LAST_NAME("missing-last-name", RuleAction.REJECT_ROW),
    /** The school has no site short name; Destiny refuses a row without a site. */
    MISSING_SITE("missing-site", RuleAction.REJECT_ROW),
    /** A staff member of no school, and the configuration names no site for such people. */
    STAFF_WITHOUT_SCHOOL("staff-without-school", RuleAction.REJECT_ROW),
    /** A cut barcode would be another patron's. */
    BARCODE_TOO_LONG("barcode-too-long", RuleAction.REJECT_ROW),
    /** Destiny cannot match a District ID of more than 40 characters. */
    DISTRICT_ID_TOO_LONG("district-id-too-long", RuleAction.REJECT_ROW),
    /** A cut user name would be another one. */
    USER_NAME_TOO_LONG("user-name-too-long", RuleAction.BLANK_FIELD),
    /** Destiny cuts such a value itself; it is cut here, so that it can be reported. */
    VALUE_TOO_LONG("value-too-long", RuleAction.CUT),
    /** Two patrons with one barcode: Destiny would refuse one of them, and nobody can tell which. */
    DUPLICATE_BARCODE("duplicate-barcode", RuleAction.REJECT_ROW),
    /** Two patrons with one District ID: Destiny would make them one. */
    DUPLICATE_DISTRICT_ID("duplicate-district-id", RuleAction.REJECT_ROW),
    /** Two patrons with one user name: both are delivered, neither with the name. */
    DUPLICATE_USER_NAME("duplicate-user-name", RuleAction.BLANK_FIELD),
    /** A character that the file's encoding does not have; never sent as a question mark. */
    NOT_IN_ENCODING("not-in-encoding", RuleAction.REJECT_ROW),
    /** A tab, a line break or another control character inside a value. */
    CONTROL_CHARACTER("control-character", RuleAction.CLEAN),
    /** A grade that the grade map does not name. */
    UNKNOWN_GRADE("unknown-grade", RuleAction.BLANK_FIELD);

    private final String id;
    private final RuleAction action;

    Rule(String id, RuleAction action) {
        this.id = id;
        this.action = action;
    }

    /** Returns the name in the problem report. */
    public String id() {
        return id;
    }

    /** Returns what is done about a breach. */
    public RuleAction action() {
        return action;
    }
}
