package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.layout.template.Cell;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.RuleAction;
import dev.patronstream.snapshotter.rules.Rules;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One column of a file: its name for people, its key in the vendor's properties file, and how its values come about.
 *
 * @param header name in the header row
 * @param key key in {@code patronimport.properties}, like {@code field_lastName}
 * @param length characters that the vendor keeps
 * @param tooLong rule for longer values
 * @param blank rule for patrons without a value; empty when the value may be missing
 * @param duplicate rule for patrons that share a value; empty when they may
 * @param omit whether a blank value leaves alone what the vendor has stored, instead of clearing it
 * @param kinds patrons that have this column; it is blank for the others, whatever the rules say
 * @param email whether the values are e-mail addresses
 * @param tellsStatus whether a value says the status, and nothing that is not known of somebody who left
 * @param value the value of a patron
 * @param source where the value of a patron comes from, for people
 */
public record Column(
        String header,
        String key,
        int length,
        Rule tooLong,
        Optional<Rule> blank,
        Optional<Rule> duplicate,
        boolean omit,
        Set<PatronKind> kinds,
        boolean email,
        boolean tellsStatus,
        Function<FeedEntry, Cell> value,
        Function<FeedEntry, String> source) {

    public Column {
        kinds = Set.copyOf(kinds);
    }

    /** A column that may be blank, and whose over-long values are cut. */
    public static Column text(String header, String key, int length, Function<FeedEntry, Cell> value) {
        return new Column(
                header,
                key,
                length,
                Rule.VALUE_TOO_LONG,
                Optional.empty(),
                Optional.empty(),
                true,
                EnumSet.allOf(PatronKind.class),
                false,
                false,
                value,
                entry -> "");
    }

    /** A column whose values are never blank, by the way they are made; a rule that blanks one leaves out the row. */
    public static Column always(String header, String key, int length, Function<FeedEntry, Cell> value) {
        return text(header, key, length, value).required(Rule.MISSING_VALUE);
    }

    /** The same column with other consequences of a value that is too long or shared by two patrons. */
    public Column identifying(Rule whenTooLong, Rule whenShared) {
        return new Column(
                header,
                key,
                length,
                whenTooLong,
                blank,
                Optional.of(whenShared),
                omit,
                kinds,
                email,
                tellsStatus,
                value,
                source);
    }

    /** The same column where every patron must have a value. */
    public Column required(Rule whenBlank) {
        return new Column(
                header,
                key,
                length,
                tooLong,
                Optional.of(whenBlank),
                duplicate,
                false,
                kinds,
                email,
                tellsStatus,
                value,
                source);
    }

    /** The same column with another answer to what a blank value does. */
    public Column omitting(boolean whether) {
        return new Column(
                header, key, length, tooLong, blank, duplicate, whether, kinds, email, tellsStatus, value, source);
    }

    /** The same column with values that are e-mail addresses. */
    public Column ofEmail() {
        return new Column(
                header, key, length, tooLong, blank, duplicate, omit, kinds, true, tellsStatus, value, source);
    }

    /** The same column, whose values say the status. */
    public Column tellingStatus(boolean whether) {
        return new Column(header, key, length, tooLong, blank, duplicate, omit, kinds, email, whether, value, source);
    }

    /** The same column for some patrons only. */
    public Column onlyFor(Set<PatronKind> some) {
        return new Column(
                header, key, length, tooLong, blank, duplicate, omit, some, email, tellsStatus, value, source);
    }

    /** The same column, saying where its values come from. */
    public Column from(Function<FeedEntry, String> where) {
        return new Column(
                header, key, length, tooLong, blank, duplicate, omit, kinds, email, tellsStatus, value, where);
    }

    /**
     * Returns what is done to the rows of those who share a value: where it must not be blank, nothing but to leave them
     * out. Empty when they may share it.
     */
    Optional<RuleAction> effectOfSharing(Rules rules) {
        return duplicate.map(rule -> rules.effectOf(rule) == RuleAction.BLANK_FIELD && blank.isPresent()
                ? RuleAction.REJECT_ROW
                : rules.effectOf(rule));
    }

    /** Says in a problem report what was done about an identifier that somebody else has, too. */
    String doneAboutSharing(Rules rules) {
        boolean leftOut = effectOfSharing(rules).equals(Optional.of(RuleAction.REJECT_ROW));
        return (leftOut ? Problem.ROW_LEFT_OUT : Problem.FIELD_LEFT_BLANK)
                + (duplicate.filter(rules::holdsDelivery).isPresent() ? Problem.DELIVERY_HELD : "");
    }

    /** Whether values are identifiers, which are never changed: a mended one would be somebody else's. */
    boolean isIdentifier() {
        return duplicate.isPresent();
    }
}
