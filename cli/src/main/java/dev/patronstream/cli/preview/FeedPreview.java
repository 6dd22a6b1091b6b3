package dev.patronstream.cli.preview;

import dev.patronstream.cli.screen.TextTable;
import dev.patronstream.connector.asof.CurrentRows;
import dev.patronstream.connector.start.EnrolledStudents;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Patron;
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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds a feed against the rows of another database: the same rules choose who is in the feed and at which school. Counts
 * per school, and the keys of those who move, come and leave. Writes nothing anywhere. Not thread-safe.
 */
public final class FeedPreview {

    private static final Stamp NO_STAMP = new Stamp(0, "", "", Instant.EPOCH);
    private static final int NO_SCHOOL = Integer.MAX_VALUE;

    /** What conditions can judge: the rows of the other database are read with these fields only. */
    private static final Set<String> READ =
            Set.of("id", "schoolCode", "studentNumber", "grade", "statusTag", "attendanceProgram");

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
        INACTIVE("inactive there"),
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

    private final FeedSelection selection;
    private final PrimaryOrder order;
    private final Patrons patrons = new Patrons(code -> Optional.empty());
    private final Map<Integer, School> names;
    private final Map<String, Place> before = new HashMap<>();
    private final Map<Integer, Map<Count, Long>> schools = new TreeMap<>();
    private final Map<Gone, Long> gone = new EnumMap<>(Gone.class);
    private final Map<String, String> keys = new TreeMap<>();
    private final long unreadable;
    private long enrolled;

    public FeedPreview(FeedSelection selection, Cut cut, CurrentRows rows) {
        this.selection = selection;
        this.order = PrimaryOrder.ofFeed(selection);
        this.names = rows.schools();
        selection.schools().forEach(code -> schools.put(code, new EnumMap<>(Count.class)));
        cut.forEach(entry -> before.put(Keys.person(entry.getKind(), entry.getId()), Place.of(entry.getPrimary())));
        rows.students(this::student);
        rows.staff(row -> settle(patrons.staffMember(row, cut.epoch().getBusinessDate(), NO_STAMP)));
        before.forEach((person, place) -> leaves(person, place, Gone.WITHOUT_ROW));
        this.unreadable = rows.unreadable();
    }

    private void student(List<Enrollment> rows) {
        enrolled += rows.stream().anyMatch(EnrolledStudents::isEnrolled) ? 1 : 0;
        settle(patrons.student(rows, order, NO_STAMP));
    }

    private void settle(Patron patron) {
        String person = Keys.person(patron.getKind(), patron.getId());
        Optional<Place> was = Optional.ofNullable(before.remove(person));
        Affiliation primary = patron.getPrimary();
        Membership membership = Patrons.membership(selection, patron);
        if (membership != Membership.IN) {
            boolean outside = selection.statuses().contains(primary.getStatus());
            Gone why = membership == Membership.EXCLUDED ? Gone.EXCLUDED : outside ? Gone.OUTSIDE : Gone.INACTIVE;
            was.ifPresent(place -> leaves(person, place, why));
        } else if (was.isPresent()) {
            remains(person, was.get(), Place.of(primary));
        } else {
            Place then = Place.of(primary);
            count(then, Count.NEW, Count.THEN);
            keys.put(person, "new    " + person + "  " + then.code());
        }
    }

    private void remains(String person, Place was, Place then) {
        if (was.school().equals(then.school())) {
            count(was, Count.NOW, Count.STAY);
            count(then, Count.THEN);
        } else {
            count(was, Count.NOW, Count.GO);
            count(then, Count.COME, Count.THEN);
            keys.put(person, "moves  " + person + "  " + was.code() + " -> " + then.code());
        }
        if (selection.carried().carries(PatronField.GRADE) && !was.grade().equals(then.grade())) {
            count(then, Count.GRADE);
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
        for (int code : selection.schools().stream().sorted().toList()) {
            School school = names.get(code);
            if (school == null) {
                warnings.add("School " + code + " of the feed has no row in LOC there");
            } else if (school.getInactiveTag().filter(tag -> !Text.isBlank(tag)).isPresent()) {
                warnings.add("School " + code + " of the feed is inactive there");
            }
        }
        selection.conditions().all().stream()
                .filter(condition -> !READ.contains(condition.captured()))
                .forEach(condition -> warnings.add("The condition " + condition.words()
                        + " is judged by a blank: its column is not read from the other database"));
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
