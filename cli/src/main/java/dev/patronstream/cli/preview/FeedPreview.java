package dev.patronstream.cli.preview;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.cli.screen.TextTable;
import dev.patronstream.connector.asof.CurrentRows;
import dev.patronstream.connector.start.EnrolledStudents;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.cut.FeedCutter.Cut;
import dev.patronstream.streams.people.Membership;
import dev.patronstream.streams.people.Patrons;
import dev.patronstream.streams.people.PrimaryOrder;
import dev.patronstream.streams.people.Stamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds a feed against the rows of another database, or against another selection: the rules of the streams application
 * choose who is in the feed and at which school. Counts per school, and the keys of those who move, come and leave. Writes
 * nothing anywhere. Not thread-safe.
 */
public final class FeedPreview {

    private static final Stamp NO_STAMP = new Stamp(0, "", "", Instant.EPOCH);
    private static final int NO_SCHOOL = Integer.MAX_VALUE;

    /** What is counted of a school, in the order of the table; the grade is another one of those who stay or come. */
    private enum Count {
        NOW,
        STAY,
        COME,
        GO,
        NEW,
        LEAVE,
        THEN,
        GRADE
    }

    private enum Gone {
        INACTIVE("inactive then"),
        STATUS("of a status that the feed does not take"),
        KIND("of a kind that the feed does not take"),
        EXCLUDED("kept out by only or except"),
        OUTSIDE("at a school outside the feed"),
        WITHOUT_ROW("without a row");

        private final String words;

        Gone(String words) {
            this.words = words;
        }
    }

    private record Place(Optional<Integer> school, Optional<Integer> grade) {

        static Place of(Affiliation primary) {
            return new Place(primary.getSchoolCode(), primary.getGrade());
        }

        String code() {
            return school.map(String::valueOf).orElse("no school");
        }
    }

    /** A selection, and the order that chooses the primary enrollment for it. */
    private record Judge(FeedSelection selection, PrimaryOrder order) {

        static Judge of(FeedSelection selection) {
            return new Judge(selection, PrimaryOrder.ofFeed(selection));
        }
    }

    private final Optional<Judge> now;
    private final Judge then;
    private final LocalDate businessDate;
    private final Patrons patrons = new Patrons(code -> Optional.empty());
    private final Map<Integer, School> names;
    private final Map<String, Place> before = new HashMap<>();
    private final Map<Integer, Map<Count, Long>> schools = new TreeMap<>();
    private final Map<Gone, Long> gone = new EnumMap<>(Gone.class);
    private final Map<String, String> keys = new TreeMap<>();
    private long unreadable;
    private long enrolled;

    private FeedPreview(
            Optional<FeedSelection> now, FeedSelection then, LocalDate businessDate, Map<Integer, School> names) {
        this.now = now.map(Judge::of);
        this.then = Judge.of(then);
        this.businessDate = businessDate;
        this.names = names;
        then.schools().forEach(code -> schools.put(code, new EnumMap<>(Count.class)));
    }

    /** Holds the feed as it was cut against what a selection makes of the rows of another database. */
    public static FeedPreview ofDatabase(Cut now, FeedSelection then, CurrentRows rows) {
        FeedPreview preview =
                new FeedPreview(Optional.empty(), then, now.epoch().getBusinessDate(), rows.schools());
        now.forEach(
                entry -> preview.before.put(Keys.person(entry.getKind(), entry.getId()), Place.of(entry.getPrimary())));
        return preview.read(rows);
    }

    /** Holds what a selection makes of the rows, nothing for a new feed, against what another one makes of the same rows. */
    public static FeedPreview ofSelection(
            Optional<FeedSelection> now, FeedSelection then, LocalDate businessDate, CurrentRows rows) {
        return new FeedPreview(now, then, businessDate, rows.schools()).read(rows);
    }

    private FeedPreview read(CurrentRows rows) {
        rows.students(this::student);
        rows.staff(row -> {
            Patron patron = patrons.staffMember(row, businessDate, NO_STAMP);
            now.ifPresent(judge -> note(judge, patron));
            settle(patron);
        });
        before.forEach((person, place) -> leaves(person, place, Gone.WITHOUT_ROW));
        unreadable = rows.unreadable();
        return this;
    }

    private void student(List<Enrollment> rows) {
        enrolled += rows.stream().anyMatch(EnrolledStudents::isEnrolled) ? 1 : 0;
        now.ifPresent(judge -> note(judge, patrons.student(rows, judge.order(), NO_STAMP)));
        settle(patrons.student(rows, then.order(), NO_STAMP));
    }

    private void note(Judge judge, Patron patron) {
        if (Patrons.membership(judge.selection(), patron) == Membership.IN) {
            before.put(Keys.person(patron.getKind(), patron.getId()), Place.of(patron.getPrimary()));
        }
    }

    private void settle(Patron patron) {
        String person = Keys.person(patron.getKind(), patron.getId());
        Optional<Place> was = Optional.ofNullable(before.remove(person));
        Affiliation primary = patron.getPrimary();
        Membership membership = Patrons.membership(then.selection(), patron);
        if (membership != Membership.IN) {
            was.ifPresent(place -> leaves(person, place, why(membership, primary)));
        } else if (was.isPresent()) {
            remains(person, was.get(), Place.of(primary));
        } else {
            Place place = Place.of(primary);
            count(place, Count.NEW, Count.THEN);
            keys.put(person, "new    " + person + "  " + place.code());
        }
    }

    private Gone why(Membership membership, Affiliation primary) {
        if (membership == Membership.EXCLUDED) {
            return Gone.EXCLUDED;
        }
        if (membership == Membership.OTHER_KIND) {
            return Gone.KIND;
        }
        if (then.selection().statuses().contains(primary.getStatus())) {
            return Gone.OUTSIDE;
        }
        return primary.getStatus() == PatronStatus.INACTIVE ? Gone.INACTIVE : Gone.STATUS;
    }

    private void remains(String person, Place was, Place is) {
        if (was.school().equals(is.school())) {
            count(was, Count.NOW, Count.STAY);
            count(is, Count.THEN);
        } else {
            count(was, Count.NOW, Count.GO);
            count(is, Count.COME, Count.THEN);
            keys.put(person, "moves  " + person + "  " + was.code() + " -> " + is.code());
        }
        if (then.selection().carried().carries(PatronField.GRADE)
                && !was.grade().equals(is.grade())) {
            count(is, Count.GRADE);
        }
    }

    private void leaves(String person, Place was, Gone why) {
        count(was, Count.NOW, Count.LEAVE);
        gone.merge(why, 1L, Long::sum);
        keys.put(person, "leaves " + person + "  " + was.code() + "  " + why.words);
    }

    private void count(Place place, Count... counts) {
        Map<Count, Long> school =
                schools.computeIfAbsent(place.school().orElse(NO_SCHOOL), unused -> new EnumMap<>(Count.class));
        for (Count count : counts) {
            school.merge(count, 1L, Long::sum);
        }
    }

    private long all(Count count) {
        return schools.values().stream()
                .mapToLong(school -> school.getOrDefault(count, 0L))
                .sum();
    }

    /** Returns how many students of the district are active or pre-enrolled in the other database. */
    public long enrolledStudents() {
        return enrolled;
    }

    /** Returns the counts per school, as a table. */
    public List<String> table() {
        TextTable table = new TextTable("school", "now", "stay", "come", "go", "new", "leave", "then", "grade");
        schools.forEach((code, counts) -> table.row(row(name(code), count -> counts.getOrDefault(count, 0L))));
        table.row(row("all", this::all));
        return table.lines();
    }

    /** Puts the counts into a document: {@code schools}, {@code all}, {@code leaving} by reason, {@code enrolledStudents}. */
    public void fill(ObjectNode document) {
        ArrayNode each = document.putArray("schools");
        schools.forEach((code, counts) -> {
            ObjectNode school = each.addObject();
            if (code != NO_SCHOOL) {
                school.put("school", code);
            }
            fill(school, count -> counts.getOrDefault(count, 0L));
        });
        fill(document.putObject("all"), this::all);
        ObjectNode leaving = document.putObject("leaving");
        gone.forEach((why, count) -> leaving.put(why.name(), count));
        document.put("enrolledStudents", enrolled);
    }

    private static void fill(ObjectNode school, ToLongFunction<Count> counts) {
        for (Count count : Count.values()) {
            school.put(count.name().toLowerCase(Locale.ROOT), counts.applyAsLong(count));
        }
    }

    private static List<String> row(String school, ToLongFunction<Count> counts) {
        return Stream.concat(
                        Stream.of(school),
                        Stream.of(Count.values()).map(count -> TextTable.number(counts.applyAsLong(count))))
                .toList();
    }

    private String name(int code) {
        if (code == NO_SCHOOL) {
            return "staff without a school";
        }
        String name =
                Optional.ofNullable(names.get(code)).flatMap(School::getName).orElse("(no row in LOC)");
        return code + " " + Text.strip(name);
    }

    public List<String> sentences() {
        List<String> lines = new ArrayList<>();
        lines.add("grade: of those who stay or come, so many are in another grade than now.");
        if (all(Count.LEAVE) > 0) {
            lines.add(String.format(Locale.ROOT, "Of %,d who leave: ", all(Count.LEAVE))
                    + gone.entrySet().stream()
                            .map(entry -> String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey().words))
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        double now = all(Count.NOW);
        if (now > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Of the patrons in the feed now %.1f %% leave and %.1f %% go to another school; the new ones are"
                            + " %.1f %%.",
                    100 * all(Count.LEAVE) / now,
                    100 * all(Count.GO) / now,
                    100 * all(Count.NEW) / now));
        }
        return lines;
    }

    /** Returns what a person has to look at before the switch. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (int code : then.selection().schools().stream().sorted().toList()) {
            School school = names.get(code);
            if (school == null) {
                warnings.add("School " + code + " of the feed has no row in LOC there");
            } else if (school.getInactiveTag().filter(tag -> !Text.isBlank(tag)).isPresent()) {
                warnings.add("School " + code + " of the feed is inactive there");
            }
        }
        if (unreadable > 0) {
            warnings.add(String.format(
                    Locale.ROOT, "%,d rows there have values that cannot be read, and are left out", unreadable));
        }
        return warnings;
    }

    public List<String> keys() {
        return List.copyOf(keys.values());
    }
}
