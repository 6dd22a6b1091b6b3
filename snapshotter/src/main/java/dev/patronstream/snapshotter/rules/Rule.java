package dev.patronstream.snapshotter.rules;

import static dev.patronstream.snapshotter.rules.RuleAction.BLANK_FIELD;
import static dev.patronstream.snapshotter.rules.RuleAction.HOLD_DELIVERY;
import static dev.patronstream.snapshotter.rules.RuleAction.OFF;
import static dev.patronstream.snapshotter.rules.RuleAction.REJECT_ROW;
import static dev.patronstream.snapshotter.rules.RuleAction.WARN;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a patron's values have to fulfill, each with its default action and the actions a feed may choose.
 *
 * <p>The ids are part of the problem report and of the configuration. A rule that guards an identifier offers no action
 * that would send a changed one: a cut barcode is somebody else's.
 */
public enum Rule {
    /** An ID that is none: 0 or below, in Aeries' STU.ID, SC, SN or STF.ID. Anyone who shares it is not one person. */
    NOT_AN_ID("not-an-id", "", REJECT_ROW, HOLD_DELIVERY),
    /** One student ID whose rows have unlike names and birth dates: two people, and nobody can tell whose ID it is. */
    TWO_PEOPLE_ONE_ID("two-people-one-id", Rule.UNCHANGED, REJECT_ROW, WARN, HOLD_DELIVERY),
    /** One student ID whose rows have unlike first names: brothers and sisters, or one child by two names. */
    TWO_FIRST_NAMES_ONE_ID("two-first-names-one-id", Rule.UNCHANGED, WARN, REJECT_ROW, HOLD_DELIVERY),
    /** Destiny ignores a record without a last name. */
    MISSING_LAST_NAME("missing-last-name", Rule.UNCHANGED, REJECT_ROW, HOLD_DELIVERY),
    /** The school has no site short name; Destiny refuses a row without a site. */
    MISSING_SITE("missing-site", Rule.UNCHANGED, REJECT_ROW, WARN, HOLD_DELIVERY),
    /** A staff member of no school, and the configuration names no site for such people. */
    STAFF_WITHOUT_SCHOOL("staff-without-school", Rule.UNCHANGED, REJECT_ROW, WARN, HOLD_DELIVERY),
    /** A column that must not be blank has nothing in it. */
    MISSING_VALUE("missing-value", "", REJECT_ROW, HOLD_DELIVERY),
    /** A cut barcode would be another patron's. */
    BARCODE_TOO_LONG("barcode-too-long", "", REJECT_ROW, HOLD_DELIVERY),
    /** Destiny cannot match a District ID of more than 40 characters. */
    DISTRICT_ID_TOO_LONG("district-id-too-long", "", REJECT_ROW, HOLD_DELIVERY),
    /** A cut user name would be another one. */
    USER_NAME_TOO_LONG("user-name-too-long", "", BLANK_FIELD, REJECT_ROW, HOLD_DELIVERY),
    /** Destiny cuts such a value itself; it is cut here, so that it can be reported. */
    VALUE_TOO_LONG("value-too-long", "value cut", WARN, BLANK_FIELD, REJECT_ROW, HOLD_DELIVERY),
    /** Two patrons with one barcode: Destiny would refuse one of them, and nobody can tell which. */
    DUPLICATE_BARCODE("duplicate-barcode", "", REJECT_ROW, HOLD_DELIVERY),
    /** Two patrons with one District ID: Destiny would make them one. */
    DUPLICATE_DISTRICT_ID("duplicate-district-id", "", REJECT_ROW, HOLD_DELIVERY),
    /** Two patrons with one user name: both are delivered, neither with the name. */
    DUPLICATE_USER_NAME("duplicate-user-name", "", BLANK_FIELD, REJECT_ROW, HOLD_DELIVERY),
    /** A cut value of a unique column of a free layout would be another patron's. */
    IDENTIFIER_TOO_LONG("identifier-too-long", "", REJECT_ROW, BLANK_FIELD, HOLD_DELIVERY),
    /** Two patrons with one value in a column of a free layout that is said to be unique. */
    DUPLICATE_VALUE("duplicate-value", "", REJECT_ROW, BLANK_FIELD, HOLD_DELIVERY),
    /** A character that the file's encoding does not have; never sent as a question mark. */
    NOT_IN_ENCODING("not-in-encoding", "", REJECT_ROW, BLANK_FIELD, HOLD_DELIVERY),
    /** A tab, a line break or another control character inside a value. */
    CONTROL_CHARACTER("control-character", "replaced by a space", WARN, BLANK_FIELD, REJECT_ROW, HOLD_DELIVERY),
    /** A character in a value that nobody sees: a zero-width space, a mark of direction, a byte order mark. */
    INVISIBLE_CHARACTER("invisible-character", "taken out", WARN, BLANK_FIELD, REJECT_ROW, HOLD_DELIVERY),
    /** A replacement character, or half an emoji: what stood there was lost before it came to us. */
    LOST_CHARACTER("lost-character", Rule.UNCHANGED, WARN, BLANK_FIELD, REJECT_ROW, HOLD_DELIVERY),
    /** Blanks before a value or after it; trimmed in any case, and reported only where asked for. */
    BLANKS_TRIMMED("blanks-trimmed", "blanks trimmed", OFF, WARN, HOLD_DELIVERY),
    /** A value that a spreadsheet would run as a formula: it begins with =, +, - or @. */
    FORMULA_LIKE("formula-like", "an apostrophe put before it", OFF, WARN, BLANK_FIELD, REJECT_ROW, HOLD_DELIVERY),
    /** A grade that the grade map does not name. */
    UNKNOWN_GRADE("unknown-grade", "the number sent", BLANK_FIELD, WARN, REJECT_ROW, HOLD_DELIVERY),
    /** A value that a map of the layout does not name. */
    NOT_IN_MAP("not-in-map", "the value itself sent", BLANK_FIELD, WARN, REJECT_ROW, HOLD_DELIVERY),
    /** An e-mail address that no mail could reach by its form. */
    INVALID_EMAIL("invalid-email", Rule.UNCHANGED, WARN, BLANK_FIELD, REJECT_ROW, HOLD_DELIVERY);

    /** What the problem report says of a value that was reported and not changed. */
    public static final String UNCHANGED = "sent as it is";

    private final String id;
    private final String mending;

    @SuppressWarnings("ImmutableEnumChecker") // Stream.toList is immutable.
    private final List<RuleAction> actions;

    Rule(String id, String mending, RuleAction usual, RuleAction... others) {
        this.id = id;
        this.mending = mending;
        this.actions = Stream.concat(Stream.of(usual), Arrays.stream(others)).toList();
    }

    public String id() {
        return id;
    }

    /** Returns what is done about a breach unless a feed says otherwise. */
    public RuleAction usualAction() {
        return actions.get(0);
    }

    public List<RuleAction> actions() {
        return actions;
    }

    /** Returns what the problem report says when the value is sent all the same. */
    public String mending() {
        return mending;
    }
}
