package dev.patronstream.cli.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.asof.TablesAsOf;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.Source;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.Teacher;
import dev.patronstream.schemas.feed.CarriedFields;
import dev.patronstream.schemas.feed.Condition;
import dev.patronstream.schemas.feed.Conditions;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.streams.people.FeedEntries;
import dev.patronstream.streams.people.Patrons;
import dev.patronstream.streams.people.PrimaryOrder;
import dev.patronstream.streams.people.Stamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The audit's own working-out of patrons and entries against the topology's, over random people and rules. */
class ExpectedPatronsTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 10, 1);
    private static final int DISTRICTS = 400;
    private static final Stamp STAMP = new Stamp(1, "life", "00000001:00000001:0001", Instant.EPOCH);
    private static final Source NOWHERE = Source.newBuilder()
            .setIncarnation("life")
            .setCommitLsn("00000001:00000001:0001")
            .setCommittedAt(Instant.EPOCH)
            .setPhase(dev.patronstream.schemas.Phase.SNAPSHOT)
            .build();

    private final SplittableRandom random = new SplittableRandom(20_261_001);

    @Test
    void bothWorkingsOutAgreeOnEverybodyUnderEveryRule() {
        int inFeed = 0;
        int several = 0;
        for (int district = 0; district < DISTRICTS; district++) {
            Map<String, IndexedRecord> schools = schools();
            Map<String, IndexedRecord> teachers = teachers();
            Map<Integer, List<Enrollment>> students = students();
            Map<String, IndexedRecord> staff = staff();
            Map<String, IndexedRecord> enrollments = new TreeMap<>();
            students.values()
                    .forEach(rows -> rows.forEach(
                            row -> enrollments.put(Keys.enrollment(row.getSchoolCode(), row.getStudentNumber()), row)));
            ExpectedPatrons expected = new ExpectedPatrons(
                    new TablesAsOf(
                            Lsn.NONE,
                            Map.of(
                                    SourceTable.STU, enrollments,
                                    SourceTable.LOC, schools,
                                    SourceTable.STF, staff,
                                    SourceTable.TCH, teachers),
                            Instant.EPOCH,
                            true,
                            Lsn.NONE,
                            0,
                            List.of()),
                    TODAY);
            PatronRules rules = rules();
            FeedSelection feed = feed(rules);
            Patrons patrons = new Patrons(new Patrons.Names() {
                @Override
                public Optional<String> school(int code) {
                    return Optional.ofNullable((School) schools.get(Keys.school(code)))
                            .flatMap(School::getName);
                }

                @Override
                public Optional<StaffMember> staffMember(int id) {
                    return Optional.ofNullable((StaffMember) staff.get(Keys.staffMember(id)));
                }

                @Override
                public Map<String, Object> joined(JoinedTable table, String key) {
                    return Optional.ofNullable(table == JoinedTable.TCH ? (Teacher) teachers.get(key) : null)
                            .flatMap(Teacher::getName)
                            .<Map<String, Object>>map(name -> Map.of("counselorName", name))
                            .orElse(Map.of());
                }
            });
            for (Map.Entry<Integer, List<Enrollment>> student : students.entrySet()) {
                String key = Keys.person(PatronKind.STUDENT, student.getKey());
                several += student.getValue().size() > 1 ? 1 : 0;
                requireSame(
                        patrons.student(student.getValue(), PrimaryOrder.ofDistrict(rules), STAMP),
                        expected.patron(key, rules));
                Patron chosen = patrons.student(student.getValue(), PrimaryOrder.ofFeed(feed), STAMP);
                inFeed += requireSameEntry(feed, chosen, student.getValue(), expected.entry(key, feed));
            }
            for (IndexedRecord row : staff.values()) {
                StaffMember member = (StaffMember) row;
                String key = Keys.person(PatronKind.STAFF, member.getStaffId());
                Patron patron = patrons.staffMember(member, TODAY, STAMP);
                requireSame(patron, expected.patron(key, rules));
                inFeed += requireSameEntry(feed, patron, List.of(), expected.entry(key, feed));
            }
            assertEquals(students.size() + staff.size(), expected.keys().size());
        }
        assertTrue(inFeed > 1_000, "in a feed: " + inFeed);
        assertTrue(several > 1_000, "with several enrollments: " + several);
    }

    private static void requireSame(IndexedRecord topologys, Optional<IndexedRecord> ours) {
        assertEquals(List.of(), TopicComparisons.differing(topologys, ours.orElseThrow()));
    }

    private static int requireSameEntry(
            FeedSelection feed, Patron patron, List<Enrollment> rows, Optional<IndexedRecord> ours) {
        Optional<FeedEntry> theirs = new FeedEntries(feed).entry(patron, rows);
        assertEquals(theirs.isPresent(), ours.isPresent());
        ours.ifPresent(entry -> assertEquals(List.of(), TopicComparisons.differing(theirs.get(), entry)));
        return theirs.isPresent() ? 1 : 0;
    }

    private Map<String, IndexedRecord> schools() {
        Map<String, IndexedRecord> schools = new TreeMap<>();
        for (int code : List.of(10, 20, 30, 999)) {
            if (random.nextInt(5) > 0) {
                schools.put(
                        Keys.school(code),
                        School.newBuilder()
                                .setCode(code)
                                .setName(maybe("School " + code))
                                .setSource(NOWHERE)
                                .build());
            }
        }
        return schools;
    }

    private Map<String, IndexedRecord> teachers() {
        Map<String, IndexedRecord> teachers = new TreeMap<>();
        for (int school : List.of(10, 20, 30, 999)) {
            for (int number = 0; number < 100; number += 1 + random.nextInt(4)) {
                teachers.put(
                        Keys.teacher(school, number),
                        Teacher.newBuilder()
                                .setSchoolCode(school)
                                .setTeacherNumber(number)
                                .setName(maybe("Teacher " + school + " " + number))
                                .setSource(NOWHERE)
                                .build());
            }
        }
        return teachers;
    }

    private Map<Integer, List<Enrollment>> students() {
        Map<Integer, List<Enrollment>> students = new TreeMap<>();
        for (int id = 1; id <= 12; id++) {
            List<Enrollment> rows = new ArrayList<>();
            for (int row = 0; row <= random.nextInt(4); row++) {
                rows.add(enrollment(id, List.of(10, 20, 30, 999).get(random.nextInt(4)), id * 10 + row));
            }
            students.put(id, rows);
        }
        return students;
    }

    private Enrollment enrollment(int id, int school, int number) {
        return Enrollment.newBuilder()
                .setSchoolCode(school)
                .setStudentNumber(number)
                .setStudentId(id)
                .setLastName(maybe("Last" + number))
                .setFirstName(maybe("First" + number))
                .setMiddleName(maybe("Middle" + number))
                .setPreferredFirstName(maybe("Called" + number))
                .setGender(maybe("F"))
                .setGrade(random.nextInt(-2, 13))
                .setStatusTag(some(null, "*", "I", "N", "X"))
                .setAttendanceProgram(some(null, "C", "S"))
                .setCounselorNumber(random.nextInt(100))
                .setCounselorStaffId(random.nextBoolean() ? random.nextInt(12) : null)
                .setTrack(maybe("A"))
                .setEmail(maybe("mail" + number))
                .setNetworkLogin(maybe("login" + number))
                .setBirthDate(TODAY.minusYears(10))
                .setAddress(maybe("Street"))
                .setNextSchool(20)
                .setNextGrade(random.nextInt(13))
                .setNextTeacher(maybe("7"))
                .setEnterDate(random.nextBoolean() ? TODAY.minusDays(random.nextInt(3)) : null)
                .setLeaveDate(random.nextBoolean() ? TODAY : null)
                .setExtra(random.nextBoolean() ? Map.of("U1", "x" + number) : Map.of())
                .setSource(NOWHERE)
                .build();
    }

    private Map<String, IndexedRecord> staff() {
        Map<String, IndexedRecord> staff = new TreeMap<>();
        for (int id = 1; id <= 8; id++) {
            staff.put(
                    Keys.staffMember(id),
                    StaffMember.newBuilder()
                            .setStaffId(id)
                            .setLastName(maybe("Last" + id))
                            .setFirstName(maybe("First" + id))
                            .setGender(maybe("M"))
                            .setEmail(maybe("mail" + id))
                            .setPrimarySchool(random.nextInt(6) == 0 ? null : random.nextInt(3) * 10)
                            .setInactiveTag(some(null, null, "I"))
                            .setPositionStatus(maybe("A"))
                            .setHireDate(TODAY.minusYears(1))
                            .setLeaveDate(random.nextBoolean() ? TODAY.plusDays(random.nextInt(-1, 2)) : null)
                            .setSource(NOWHERE)
                            .build());
        }
        return staff;
    }

    private PatronRules rules() {
        return random.nextInt(3) == 0
                ? PatronRules.DEFAULT
                : new PatronRules(
                        Map.of(
                                "", PatronStatus.ACTIVE,
                                "*", PatronStatus.PRE_ENROLLED,
                                "X",
                                        List.of(PatronStatus.ACTIVE, PatronStatus.PRE_ENROLLED, PatronStatus.INACTIVE)
                                                .get(random.nextInt(3))),
                        random.nextBoolean() ? Set.of("C") : Set.of(),
                        random.nextBoolean() ? Set.of(30) : Set.of(),
                        random.nextBoolean() ? List.of(20, 10) : List.of());
    }

    private FeedSelection feed(PatronRules rules) {
        Set<Integer> schools = random.nextBoolean() ? Set.of(10) : Set.of(10, 20);
        return new FeedSelection(
                "destiny",
                schools,
                random.nextBoolean() ? Set.of(10, 20, 30) : schools,
                random.nextBoolean()
                        ? Set.of(PatronStatus.ACTIVE)
                        : Set.of(PatronStatus.ACTIVE, PatronStatus.PRE_ENROLLED),
                random.nextInt(4) == 0 ? Set.of(PatronKind.STUDENT) : Set.of(PatronKind.STUDENT, PatronKind.STAFF),
                conditions(),
                random.nextBoolean()
                        ? CarriedFields.EVERYTHING
                        : CarriedFields.of(
                                random.nextBoolean()
                                        ? List.of("names", "grade", "enrollments")
                                        : List.of("nickname", "birthDate", "school", "STU.U1")),
                rules);
    }

    private Conditions conditions() {
        Condition grades = Condition.of("grade", random.nextBoolean(), List.of("5", "7-8"), Optional.empty());
        Condition programs = Condition.of("STU.SP", random.nextBoolean(), List.of("C", ""), Optional.empty());
        return switch (random.nextInt(4)) {
            case 0 -> new Conditions(List.of(grades), List.of());
            case 1 -> new Conditions(List.of(), List.of(programs));
            case 2 -> new Conditions(List.of(programs), List.of(grades));
            default -> Conditions.NONE;
        };
    }

    private @Nullable String maybe(String text) {
        return random.nextInt(4) == 0 ? null : text;
    }

    private @Nullable String some(@Nullable String... texts) {
        return texts[random.nextInt(texts.length)];
    }
}
