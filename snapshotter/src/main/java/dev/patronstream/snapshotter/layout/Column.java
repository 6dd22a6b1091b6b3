package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
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
record Column(
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

    Column {
        kinds = Set.copyOf(kinds);
    }

    /** A column that may be blank, and whose over-long values are cut. */
    static Column text(String header, String key, int length, Function<FeedEntry, Cell> value) {
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
    static Column always(String header, String key, int length, Function<FeedEntry, Cell> value) {
        return text(header, key, length, value).required(Rule.MISSING_VALUE);
    }

    /** The same column with other consequences of a value that is too long or shared by two patrons. */
    Column identifying(Rule whenTooLong, Rule whenShared) {
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
    Column required(Rule whenBlank) {
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
    Column omitting(boolean whether) {
        return new Column(
                header, key, length, tooLong, blank, duplicate, whether, kinds, email, tellsStatus, value, source);
    }

    /** The same column with values that are e-mail addresses. */
    Column ofEmail() {
        return new Column(
                header, key, length, tooLong, blank, duplicate, omit, kinds, true, tellsStatus, value, source);
    }

    /** The same column, whose values say the status. */
    Column tellingStatus(boolean whether) {
        return new Column(header, key, length, tooLong, blank, duplicate, omit, kinds, email, whether, value, source);
    }

    /** The same column for some patrons only. */
    Column onlyFor(Set<PatronKind> some) {
        return new Column(
                header, key, length, tooLong, blank, duplicate, omit, some, email, tellsStatus, value, source);
    }

    /** The same column, saying where its values come from. */
    Column from(Function<FeedEntry, String> where) {
        return new Column(
                header, key, length, tooLong, blank, duplicate, omit, kinds, email, tellsStatus, value, where);
    }

    /** Whether values are identifiers, which are never changed: a mended one would be somebody else's. */
    boolean isIdentifier() {
        return duplicate.isPresent();
    }
}
