package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.Teacher;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.table.JoinedTable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the tables say, worked out from scratch and in the plainest way: for every person all rows are looked at, and the
 * primary one is the one that beats each of the others. Shares no code with the topology.
 */
final class PlainModel {

    private PlainModel() {}

    /** By key: the person in words, in the patron table (no selection) or in a feed. */
    static Map<String, String> table(District tables, Optional<FeedSelection> feed, PatronRules districtRules) {
        return table(
                tables, feed, districtRules, tables.settings().topics().joined().contains(JoinedTable.TCH));
    }

    /** The same, with or without the names of teachers. */
    static Map<String, String> table(
            District tables, Optional<FeedSelection> feed, PatronRules districtRules, boolean teachers) {
        PatronRules rules = feed.map(FeedSelection::rules).orElse(districtRules);
        Map<String, String> table = new TreeMap<>();
        Map<Integer, List<Enrollment>> students = new TreeMap<>();
        tables.enrollments.values().forEach(row -> students.computeIfAbsent(row.getStudentId(), id -> new ArrayList<>())
                .add(row));
        students.forEach((id, rows) -> {
            Enrollment primary = rows.stream()
                    .filter(row -> rows.stream().allMatch(other -> other.equals(row) || beats(row, other, feed, rules)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no row beats all others"));
            PatronStatus status = status(primary, rules);
            boolean in = feed.isEmpty()
                    || (feed.get().kinds().contains(PatronKind.STUDENT)
                            && feed.get().schools().contains(primary.getSchoolCode())
                            && feed.get().statuses().contains(status));
            if (in) {
                table.put(
                        "student/" + id,
                        String.join(
                                "|",
                                primary.getLastName().orElse(""),
                                "" + primary.getSchoolCode(),
                                "" + primary.getStudentNumber(),
                                name(tables, primary.getSchoolCode()),
                                teachers ? teacher(tables, primary) : "",
                                counselor(tables, primary),
                                "" + status,
                                "" + rows.size()));
            }
        });
        tables.staff.values().forEach(row -> {
            int school = row.getPrimarySchool().orElse(0);
            PatronStatus status = status(row, tables.businessDate);
            boolean in = feed.isEmpty()
                    || (feed.get().kinds().contains(PatronKind.STAFF)
                            && (school == 0 || feed.get().schools().contains(school))
                            && feed.get().statuses().contains(status));
            if (in) {
                table.put(
                        "staff/" + row.getStaffId(),
                        String.join(
                                "|",
                                row.getLastName().orElse(""),
                                school == 0 ? "-" : "" + school,
                                "-",
                                school == 0 ? "" : name(tables, school),
                                "",
                                "",
                                "" + status,
                                "1"));
            }
        });
        return table;
    }

    /** The same words of a record that the topology wrote. */
    static String words(Optional<String> lastName, Affiliation primary, int others) {
        return String.join(
                "|",
                lastName.orElse(""),
                primary.getSchoolCode().map(Object::toString).orElse("-"),
                primary.getStudentNumber().map(Object::toString).orElse("-"),
                primary.getSchoolName().orElse(""),
                primary.getCounselorName().orElse(""),
                primary.getCounselorLastName().orElse(""),
                "" + primary.getStatus(),
                "" + (others + 1));
    }

    /** Whether a row comes before another one of the same student. */
    static boolean beats(Enrollment one, Enrollment other, Optional<FeedSelection> feed, PatronRules rules) {
        if (feed.isPresent()) {
            boolean mine = feed.get().primaryAmong().contains(one.getSchoolCode());
            boolean theirs = feed.get().primaryAmong().contains(other.getSchoolCode());
            if (mine != theirs) {
                return mine;
            }
        }
        int rank = status(one, rules).compareTo(status(other, rules));
        if (rank != 0) {
            return rank < 0;
        }
        boolean concurrent =
                rules.concurrentPrograms().contains(one.getAttendanceProgram().orElse(""));
        if (concurrent
                != rules.concurrentPrograms()
                        .contains(other.getAttendanceProgram().orElse(""))) {
            return !concurrent;
        }
        boolean never = rules.neverPrimary().contains(one.getSchoolCode());
        if (never != rules.neverPrimary().contains(other.getSchoolCode())) {
            return !never;
        }
        int place = place(one, rules) - place(other, rules);
        if (place != 0) {
            return place < 0;
        }
        if (!one.getEnterDate().equals(other.getEnterDate())) {
            return other.getEnterDate().isEmpty()
                    || (one.getEnterDate().isPresent()
                            && one.getEnterDate()
                                    .get()
                                    .isAfter(other.getEnterDate().get()));
        }
        if (one.getSchoolCode() != other.getSchoolCode()) {
            return one.getSchoolCode() < other.getSchoolCode();
        }
        return one.getStudentNumber() < other.getStudentNumber();
    }

    private static int place(Enrollment row, PatronRules rules) {
        int place = rules.schoolOrder().indexOf(row.getSchoolCode());
        return place < 0 ? 1_000 : place;
    }

    private static PatronStatus status(Enrollment row, PatronRules rules) {
        String tag = row.getStatusTag().orElse("");
        return rules.statusByTag().getOrDefault(tag, PatronStatus.INACTIVE);
    }

    private static PatronStatus status(StaffMember row, LocalDate businessDate) {
        boolean gone = row.getInactiveTag().isPresent()
                || (row.getLeaveDate().isPresent() && row.getLeaveDate().get().compareTo(businessDate) < 0);
        return gone ? PatronStatus.INACTIVE : PatronStatus.ACTIVE;
    }

    private static String teacher(District tables, Enrollment row) {
        return tables.teachers.values().stream()
                .filter(teacher -> teacher.getSchoolCode() == row.getSchoolCode()
                        && row.getCounselorNumber().equals(Optional.of(teacher.getTeacherNumber())))
                .findFirst()
                .flatMap(Teacher::getName)
                .orElse("");
    }

    private static String counselor(District tables, Enrollment row) {
        return tables.staff.values().stream()
                .filter(member -> row.getCounselorStaffId().equals(Optional.of(member.getStaffId())))
                .findFirst()
                .flatMap(StaffMember::getLastName)
                .orElse("");
    }

    private static String name(District tables, int code) {
        School school = tables.schools.get(code);
        return school == null ? "" : school.getName().orElse("");
    }
}
