package dev.patronstream.cli.check;

import static dev.patronstream.cli.screen.TextTable.number;

import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.screen.TextTable;
import dev.patronstream.connector.check.DistrictCensus;
import dev.patronstream.connector.check.DistrictCensus.School;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import dev.patronstream.snapshotter.layout.destiny.Homeroom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the database holds, as tables for people: schools, status tags, and what to look at because it would surprise
 * somebody later. Counts only.
 */
public final class DistrictTables {

    private static final int NO_SCHOOL = 0;

    private final PatronRules rules;
    private final List<FeedSettings> feeds;
    private final Map<Integer, Counts> schools = new TreeMap<>();
    private final Map<String, Long> tags = new TreeMap<>();
    private final Optional<Map<Integer, Long>> teachers;

    /** What is counted of a school. */
    private static final class Counts {
        private Optional<School> school = Optional.empty();
        private final Map<PatronStatus, Long> students = new EnumMap<>(PatronStatus.class);
        private long staff;
        private long activeWithNumber;
        private long activeWithStaffId;

        long students(PatronStatus status) {
            return students.getOrDefault(status, 0L);
        }

        boolean isEmpty() {
            return students.isEmpty() && staff == 0;
        }
    }

    DistrictTables(DistrictCensus census, PatronRules rules, List<FeedSettings> feeds) {
        this.rules = rules;
        this.feeds = List.copyOf(feeds);
        this.teachers = census.teachers();
        for (School school : census.schools()) {
            counts(school.code()).school = Optional.of(school);
        }
        for (DistrictCensus.Enrollments enrollments : census.enrollments()) {
            Counts counts = counts(enrollments.school());
            counts.students.merge(status(enrollments.tag()), enrollments.count(), Long::sum);
            if (status(enrollments.tag()) == PatronStatus.ACTIVE) {
                counts.activeWithNumber += enrollments.withNumber();
                counts.activeWithStaffId += enrollments.withStaffId();
            }
            tags.merge(enrollments.tag(), enrollments.count(), Long::sum);
        }
        for (DistrictCensus.Staff staff : census.staff()) {
            counts(staff.school()).staff += staff.active() ? staff.count() : 0;
        }
    }

    private Counts counts(int school) {
        return schools.computeIfAbsent(school, unused -> new Counts());
    }

    private PatronStatus status(String tag) {
        return rules.status(Optional.of(tag));
    }

    /** Returns the schools with students by status, active staff, source of homerooms, and their site in each feed. */
    public List<String> schools() {
        List<String> header =
                new ArrayList<>(List.of("code", "school", "active", "pre-enrolled", "inactive", "staff", "homerooms"));
        feeds.forEach(feed -> header.add(feed.feed()));
        TextTable table = new TextTable(header.toArray(String[]::new));
        schools.forEach((code, counts) -> {
            List<String> row = new ArrayList<>(List.of(
                    Integer.toString(code),
                    name(code, counts),
                    number(counts.students(PatronStatus.ACTIVE)),
                    number(counts.students(PatronStatus.PRE_ENROLLED)),
                    number(counts.students(PatronStatus.INACTIVE)),
                    number(counts.staff),
                    homerooms(code, counts)));
            feeds.forEach(feed -> row.add(site(feed, code)));
            table.row(row);
        });
        return table.lines();
    }

    private static String name(int code, Counts counts) {
        return counts.school
                .map(school -> school.name() + (school.inactive() ? " (inactive)" : ""))
                .orElse(code == NO_SCHOOL ? "(no school)" : "(not in LOC)");
    }

    /** Returns where a school seems to have its homeroom teachers: what half of its active students have. */
    private String homerooms(int school, Counts counts) {
        long half = Math.max(1, (counts.students(PatronStatus.ACTIVE) + 1) / 2);
        if (counts.activeWithStaffId >= half) {
            return Homeroom.STAFF_ID;
        }
        if (counts.activeWithNumber < half) {
            return "-";
        }
        return hasTeachers(school) ? Homeroom.COUNSELOR + ", TCH" : Homeroom.COUNSELOR;
    }

    private boolean hasTeachers(int school) {
        return teachers.map(by -> by.getOrDefault(school, 0L) > 0).orElse(false);
    }

    private static String site(FeedSettings feed, int school) {
        if (!feed.selection().schools().contains(school)) {
            return "-";
        }
        return feed.layout() instanceof DestinyLayoutSettings destiny
                ? destiny.context().sites().getOrDefault(school, "?")
                : "yes";
    }

    /** Returns the status tags of students with what they mean. */
    public List<String> tags() {
        TextTable table = new TextTable("tag", "enrollments", "means");
        tags.forEach((tag, count) -> table.row(List.of(
                tag.isEmpty() ? "(blank)" : tag,
                number(count),
                AvroJson.word(status(tag)) + (isMapped(tag) ? "" : " (not named in statuses)"))));
        return table.lines();
    }

    private boolean isMapped(String tag) {
        return rules.statusByTag().containsKey(tag);
    }

    /** Returns what would surprise somebody later. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        List<String> unmapped =
                tags.keySet().stream().filter(tag -> !isMapped(tag)).toList();
        if (!unmapped.isEmpty()) {
            warnings.add("Status tags that `statuses` does not name count as inactive: "
                    + unmapped.stream()
                            .map(tag -> "'" + tag + "' (" + number(tags.getOrDefault(tag, 0L)) + " enrollments)")
                            .collect(Collectors.joining(", "))
                    + ". Where that is right, name them: statuses: {"
                    + unmapped.stream().map(tag -> "\"" + tag + "\": inactive").collect(Collectors.joining(", "))
                    + "}");
        }
        schools.forEach((code, counts) -> warnOfSchool(code, counts, warnings));
        for (FeedSettings feed : feeds) {
            warnOfFeed(feed, warnings);
        }
        return warnings;
    }

    private void warnOfSchool(int code, Counts counts, List<String> warnings) {
        boolean inAFeed =
                feeds.stream().anyMatch(feed -> feed.selection().schools().contains(code));
        boolean inactive = counts.school.map(School::inactive).orElse(false);
        long active = counts.students(PatronStatus.ACTIVE);
        if (!inAFeed && !inactive && active > 0) {
            warnings.add("School " + code + " (" + name(code, counts) + ") has " + number(active)
                    + " active students and is in no feed");
        }
        if (counts.school.isEmpty() && code != NO_SCHOOL && !counts.isEmpty()) {
            warnings.add("School " + code + " has students or staff and is not in LOC");
        }
    }

    private void warnOfFeed(FeedSettings feed, List<String> warnings) {
        FeedSelection selection = feed.selection();
        for (int code : selection.schools().stream().sorted().toList()) {
            Counts counts = schools.getOrDefault(code, new Counts());
            String where = "Feed " + feed.feed() + ": school " + code;
            if (counts.school.isEmpty()) {
                warnings.add(where + " is not in LOC");
            } else if (counts.school.get().inactive()) {
                warnings.add(where + " (" + counts.school.get().name() + ") is marked inactive in LOC");
            } else if (selection.kinds().contains(PatronKind.STUDENT)
                    && selection.statuses().stream().noneMatch(status -> counts.students(status) > 0)) {
                warnings.add(where + " (" + counts.school.get().name() + ") has no student that the feed takes");
            }
        }
        warnOfHomerooms(feed, warnings);
        long homeless = schools.getOrDefault(NO_SCHOOL, new Counts()).staff;
        if (homeless > 0
                && selection.kinds().contains(PatronKind.STAFF)
                && feed.layout() instanceof DestinyLayoutSettings destiny
                && destiny.context().noSchoolSite().isEmpty()) {
            warnings.add(
                    "Feed " + feed.feed() + ": " + number(homeless) + " active staff have no school (0) and are left"
                            + " out; staff: {no-school: SITE} gives them a site");
        }
    }

    /** Homerooms of a school whose source holds nothing for any of its active students. */
    private void warnOfHomerooms(FeedSettings feed, List<String> warnings) {
        if (!(feed.layout() instanceof DestinyLayoutSettings destiny)) {
            return;
        }
        destiny.people()
                .homeroom()
                .ifPresent(homeroom -> schools.forEach((code, counts) -> {
                    String source = homeroom.sourceAt(code);
                    boolean empty =
                            switch (source) {
                                case Homeroom.TEACHER -> counts.activeWithNumber == 0 || !hasTeachers(code);
                                case Homeroom.COUNSELOR -> counts.activeWithNumber == 0;
                                case Homeroom.STAFF, Homeroom.STAFF_ID -> counts.activeWithStaffId == 0;
                                default -> false;
                            };
                    if (empty && feed.selection().schools().contains(code)) {
                        warnings.add("Feed " + feed.feed() + ": school " + code + " (" + name(code, counts)
                                + ") has no homerooms by " + source + "; homeroom: {by-school: {" + code
                                + ": none}} says that this is right");
                    }
                }));
    }
}
