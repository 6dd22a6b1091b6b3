package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.layout.template.Cell;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.rules.RuleAction;
import dev.patronstream.snapshotter.rules.Rules;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/**
 * One column of a file: its name for people, its key in the vendor's properties file, and how its values come about.
 *
 * @param header name in the header row
 * @param key key in {@code patronimport.properties}, like {@code field_lastName}
 * @param length characters that the vendor keeps
 * @param treatment what is done about the values
 * @param kinds patrons that have this column; it is blank for the others, whatever the rules say
 * @param value the value of a patron
 * @param source where the value of a patron comes from, for people
 */
public record Column(
        String header,
        String key,
        int length,
        Treatment treatment,
        Set<PatronKind> kinds,
        Function<FeedEntry, Cell> value,
        Function<FeedEntry, String> source) {

    public Column {
        kinds = Set.copyOf(kinds);
    }

    /** A column of all patrons that may be blank, and whose over-long values are cut. */
    public static Column of(String header, String key, int length, Function<FeedEntry, Cell> value) {
        return new Column(header, key, length, Treatment.TEXT, EnumSet.allOf(PatronKind.class), value, entry -> "");
    }

    /** The same column with another treatment of its values. */
    public Column treated(Treatment other) {
        return new Column(header, key, length, other, kinds, value, source);
    }

    /** The same column, saying where its values come from. */
    public Column from(Function<FeedEntry, String> where) {
        return new Column(header, key, length, treatment, kinds, value, where);
    }

    /** The same column with other values. */
    public Column valued(Function<FeedEntry, Cell> values) {
        return new Column(header, key, length, treatment, kinds, values, source);
    }

    /** Whether those who share a value are left out, as where it must not be blank, and not only sent without it. */
    boolean isLeftOutWhenShared(Rules rules) {
        return treatment.blank().isPresent()
                || treatment
                        .duplicate()
                        .filter(rule -> rules.effectOf(rule) == RuleAction.REJECT_ROW)
                        .isPresent();
    }

    /** Says in a problem report what was done about an identifier that somebody else has, too. */
    String doneAboutSharing(Rules rules) {
        return (isLeftOutWhenShared(rules) ? Problem.ROW_LEFT_OUT : Problem.FIELD_LEFT_BLANK)
                + (treatment.duplicate().filter(rules::holdsDelivery).isPresent() ? Problem.DELIVERY_HELD : "");
    }

    /** Whether values are identifiers, which are never changed: a mended one would be somebody else's. */
    boolean isIdentifier() {
        return treatment.duplicate().isPresent();
    }
}
