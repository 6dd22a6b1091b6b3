package dev.patronstream.schemas.feed;

import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.secret.Sha256;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whom a vendor's feed holds, and what of them: patrons of some schools, statuses and kinds, by conditions on their
 * rows, with some fields.
 *
 * <p>Immutable. Two selections with the same {@link #fingerprint()} give the same feed from the same source.
 *
 * @param feed name of the feed
 * @param schools school codes whose patrons are in the feed
 * @param primaryAmong schools among which a student's primary enrollment is chosen before all others; the feed's schools,
 *     or those of all feeds that share one system at the vendor
 * @param statuses statuses that qualify
 * @param kinds kinds of patrons that qualify
 * @param conditions who may be in it besides; an enrollment that does not meet them does not qualify
 * @param carried what the entries hold of a patron
 * @param rules the district's rules
 */
public record FeedSelection(
        String feed,
        Set<Integer> schools,
        Set<Integer> primaryAmong,
        Set<PatronStatus> statuses,
        Set<PatronKind> kinds,
        Conditions conditions,
        CarriedFields carried,
        PatronRules rules) {

    /** Copies the collections; a feed that could never hold anybody is refused. */
    public FeedSelection {
        schools = Set.copyOf(schools);
        primaryAmong = Set.copyOf(primaryAmong);
        statuses = Set.copyOf(statuses);
        kinds = Set.copyOf(kinds);
        if (schools.isEmpty() || statuses.isEmpty() || kinds.isEmpty()) {
            throw new IllegalArgumentException(
                    "The feed '" + feed + "' needs at least one school, one status and one kind of patron");
        }
        if (!primaryAmong.containsAll(schools)) {
            throw new IllegalArgumentException(
                    "The feed '" + feed + "' must choose primary enrollments among its own schools at least");
        }
    }

    /** A feed without conditions that carries everything and chooses primary enrollments among its own schools. */
    public FeedSelection(
            String feed, Set<Integer> schools, Set<PatronStatus> statuses, Set<PatronKind> kinds, PatronRules rules) {
        this(feed, schools, schools, statuses, kinds, Conditions.NONE, CarriedFields.EVERYTHING, rules);
    }

    /** A feed without conditions that carries everything. */
    public FeedSelection(
            String feed,
            Set<Integer> schools,
            Set<Integer> primaryAmong,
            Set<PatronStatus> statuses,
            Set<PatronKind> kinds,
            PatronRules rules) {
        this(feed, schools, primaryAmong, statuses, kinds, Conditions.NONE, CarriedFields.EVERYTHING, rules);
    }

    /** The same feed with other conditions. */
    public FeedSelection with(Conditions others) {
        return new FeedSelection(feed, schools, primaryAmong, statuses, kinds, others, carried, rules);
    }

    /** The same feed with other fields. */
    public FeedSelection with(CarriedFields others) {
        return new FeedSelection(feed, schools, primaryAmong, statuses, kinds, conditions, others, rules);
    }

    /**
     * Whether conditions take part in the choice of the primary enrollment. They do not where schools of other feeds do:
     * those feeds have conditions of their own, and a student would be in two of them.
     */
    public boolean choosesByConditions() {
        return !conditions.isEmpty() && primaryAmong.equals(schools);
    }

    /**
     * Returns the columns without which the feed is not the one that was asked for, as {@link Progress} names them: those
     * of the conditions, and the district's own that are carried. Where one is blank for everybody since it is not
     * captured, the conditions judge wrongly, and identifiers that are made of it are missing.
     */
    public Set<String> neededColumns() {
        return Stream.concat(judgedColumns().stream(), carried.columns().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the columns that the conditions judge, as {@link Progress} names them. */
    public Set<String> judgedColumns() {
        return conditions.all().stream()
                .flatMap(condition ->
                        condition.kinds().stream().filter(kinds::contains).map(condition::column))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns a short text that is equal for equal selections, whatever the order they were written in. */
    public String fingerprint() {
        String canonical = String.join(
                "\n",
                "schools=" + sorted(schools),
                "primary-among=" + sorted(primaryAmong),
                "statuses=" + sorted(statuses),
                "kinds=" + sorted(kinds),
                conditions.canonical(),
                carried.canonical(),
                "status-by-tag="
                        + sorted(rules.statusByTag().entrySet().stream()
                                .map(tag -> tag.getKey() + "=" + tag.getValue())
                                .toList()),
                "concurrent-programs=" + sorted(rules.concurrentPrograms()),
                "never-primary=" + sorted(rules.neverPrimary()),
                "school-order=" + rules.schoolOrder());
        return Sha256.of(canonical, 8);
    }

    private static String sorted(Collection<?> values) {
        return values.stream()
                .map(value -> value instanceof Integer number ? "%05d".formatted(number) : value.toString())
                .sorted()
                .collect(Collectors.joining(","));
    }
}
