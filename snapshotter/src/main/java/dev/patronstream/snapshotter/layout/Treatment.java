package dev.patronstream.snapshotter.layout;

import dev.patronstream.snapshotter.rules.Rule;
import java.util.Optional;

/**
 * What is done about the values of a column.
 *
 * @param tooLong rule for longer values than the vendor keeps
 * @param blank rule for patrons without a value; empty when the value may be missing
 * @param duplicate rule for patrons that share a value; empty when they may
 * @param omit whether a blank value leaves alone what the vendor has stored, instead of clearing it
 * @param email whether the values are e-mail addresses
 * @param tellsStatus whether a value says the status, and nothing that is not known of somebody who left
 */
public record Treatment(
        Rule tooLong,
        Optional<Rule> blank,
        Optional<Rule> duplicate,
        boolean omit,
        boolean email,
        boolean tellsStatus) {

    /** Values may be blank, and over-long ones are cut. */
    public static final Treatment TEXT =
            new Treatment(Rule.VALUE_TOO_LONG, Optional.empty(), Optional.empty(), true, false, false);

    /** Values are never blank, by the way they are made; a rule that blanks one leaves out the row. */
    public static final Treatment ALWAYS = TEXT.required(Rule.MISSING_VALUE);

    /** Values are e-mail addresses. */
    public static final Treatment EMAIL =
            new Treatment(Rule.VALUE_TOO_LONG, Optional.empty(), Optional.empty(), true, true, false);

    /** The same with other consequences of a value that is too long or shared by two patrons. */
    public Treatment identifying(Rule whenTooLong, Rule whenShared) {
        return new Treatment(whenTooLong, blank, Optional.of(whenShared), omit, email, tellsStatus);
    }

    /** The same where every patron must have a value. */
    public Treatment required(Rule whenBlank) {
        return new Treatment(tooLong, Optional.of(whenBlank), duplicate, false, email, tellsStatus);
    }

    /** The same where a blank value clears what the vendor has stored. */
    public Treatment clearing() {
        return new Treatment(tooLong, blank, duplicate, false, email, tellsStatus);
    }

    /** The same with values that may say the status. */
    public Treatment tellingStatus(boolean whether) {
        return new Treatment(tooLong, blank, duplicate, omit, email, whether);
    }
}
