package dev.patronstream.sandbox.life;

import static dev.patronstream.sandbox.district.Population.ACTIVE;
import static dev.patronstream.sandbox.district.Population.LIVE;
import static dev.patronstream.sandbox.district.Population.MAY_MOVE;
import static dev.patronstream.sandbox.district.Population.NEW_STUDENT;
import static dev.patronstream.sandbox.district.Population.NO_TAG;

import dev.patronstream.sandbox.district.AeriesTable;
import dev.patronstream.sandbox.district.Names;
import dev.patronstream.sandbox.district.Population;
import dev.patronstream.sandbox.district.SchoolPlan;
import dev.patronstream.sandbox.district.StudentRow;
import dev.patronstream.sandbox.life.Desk.Enrollment;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** What school offices do for students. Every method is the work of one transaction, which the caller commits. */
final class StudentDesk {

    private static final String NOWHERE_ELSE = "NOT EXISTS (SELECT 1 FROM [dbo].[STU] AS [other]"
            + " WHERE [other].[ID] = [STU].[ID] AND ([other].[SC] <> [STU].[SC] OR [other].[SN] <> [STU].[SN])"
            + " AND ([other].[DEL] IS NULL OR [other].[DEL] = 0) AND LTRIM(RTRIM(ISNULL([other].[TG], ''))) = '')";
    private static final String THIS_ROW = " WHERE [SC] = ? AND [SN] = ?";

    private final Desk desk;
    private final OpenSchools schools;
    private final LocalDate today;
    private final int mostNewcomers;
    private int nextId;

    StudentDesk(Desk desk, OpenSchools schools, LocalDate today) throws SQLException {
        this.desk = desk;
        this.schools = schools;
        this.today = today;
        this.mostNewcomers = Population.mostNewcomers(
                desk.number("SELECT COUNT(*) FROM [dbo].[STU]").orElse(0));
        this.nextId = 1
                + desk.number("SELECT MAX([ID]) FROM [dbo].[STU] WHERE " + NEW_STUDENT)
                        .orElse(Population.FIRST_NEW_STUDENT - 1);
    }

    Optional<LifeEvent> changeName(SplittableRandom random) throws SQLException {
        String column = random.nextInt(3) == 0 ? "FN" : "LN";
        String name = random.nextInt(20) == 0 ? Names.withAccents(random) : Names.last(random);
        return change(LifeKind.NAME_CHANGED, column, name, random);
    }

    Optional<LifeEvent> changeEmail(SplittableRandom random) throws SQLException {
        String email = random.nextInt(10) == 0
                ? ""
                : Names.plain(Names.last(random)) + random.nextInt(10_000) + "@students.eagle.example";
        return change(LifeKind.EMAIL_CHANGED, "SEM", email, random);
    }

    Optional<LifeEvent> changeHomeroom(SplittableRandom random) throws SQLException {
        return change(LifeKind.HOMEROOM_CHANGED, "CU", 100 + random.nextInt(80), random);
    }

    Optional<LifeEvent> changeGrade(SplittableRandom random) throws SQLException {
        Optional<Enrollment> found = desk.some(schools.all(), ACTIVE, random);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        // Within the grades of the school, or the student would sit in the wrong one.
        int grade = schools.someGrade(found.get().school(), random);
        desk.update(
                "UPDATE [dbo].[STU] SET [GR] = ?" + THIS_ROW,
                grade,
                found.get().school(),
                found.get().number());
        return event(LifeKind.GRADE_CHANGED, found.get());
    }

    private Optional<LifeEvent> change(LifeKind kind, String column, Object value, SplittableRandom random)
            throws SQLException {
        Optional<Enrollment> found = desk.some(schools.all(), LIVE, random);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        desk.update(
                "UPDATE [dbo].[STU] SET [" + column + "] = ?" + THIS_ROW,
                value,
                found.get().school(),
                found.get().number());
        return event(kind, found.get());
    }

    /** Enrolls somebody new; when there are enough newcomers, one of them goes instead. */
    Optional<LifeEvent> enroll(SplittableRandom random) throws SQLException {
        int newcomers = desk.number("SELECT COUNT(DISTINCT [ID]) FROM [dbo].[STU] WHERE " + NEW_STUDENT)
                .orElse(0);
        if (newcomers >= mostNewcomers) {
            return hardDelete(random);
        }
        int school = schools.some(random);
        StudentRow row = new StudentRow(school, desk.freeNumber(school), nextId++);
        row.firstName = Names.first(random);
        row.lastName = Names.last(random);
        row.gender = random.nextBoolean() ? "F" : "M";
        row.grade = schools.someGrade(school, random);
        row.enterDate = today;
        row.email = Names.plain(row.lastName) + row.id + "@students.eagle.example";
        List<String> columns = AeriesTable.STU.columns();
        String marks = columns.stream().map(column -> "?").collect(Collectors.joining(", "));
        desk.update(
                "INSERT INTO [dbo].[STU] (" + AeriesTable.brackets(columns) + ") VALUES (" + marks + ")", row.values());
        return Optional.of(LifeEvent.ofStudent(LifeKind.ENROLLED, row.id));
    }

    /** A newcomer is deleted for good, with all rows. */
    Optional<LifeEvent> hardDelete(SplittableRandom random) throws SQLException {
        Optional<Enrollment> found = desk.some(schools.all(), NEW_STUDENT, random);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        desk.update("DELETE FROM [dbo].[STU] WHERE [ID] = ?", found.get().id());
        return event(LifeKind.HARD_DELETED, found.get());
    }

    /** In one transaction the old row becomes inactive and a row in the new school active. */
    Optional<LifeEvent> transfer(SplittableRandom random) throws SQLException {
        Optional<Enrollment> found = desk.some(schools.all(), ACTIVE + " AND " + MAY_MOVE, random);
        Optional<Integer> target = found.isEmpty()
                ? Optional.empty()
                : schools.someOther(found.get().school(), random);
        if (target.isEmpty()) {
            return Optional.empty();
        }
        Enrollment old = found.get();
        desk.update(
                "UPDATE [dbo].[STU] SET [TG] = 'I', [LD] = ?" + THIS_ROW,
                today.atStartOfDay(),
                old.school(),
                old.number());
        enrolAgain(old, target.get());
        return event(LifeKind.TRANSFERRED, old);
    }

    /** Uses the row the student may still have in a school, or copies the one given. */
    private void enrolAgain(Enrollment from, int school) throws SQLException {
        Optional<Integer> number =
                desk.number("SELECT MAX([SN]) FROM [dbo].[STU] WHERE [ID] = ? AND [SC] = ?", from.id(), school);
        int newNumber = number.isPresent() ? number.get() : desk.freeNumber(school);
        if (number.isEmpty()) {
            copy(from, school, newNumber);
        }
        desk.update(
                "UPDATE [dbo].[STU] SET [TG] = '', [LD] = NULL, [ED] = ?, [DEL] = 0" + THIS_ROW,
                today.atStartOfDay(),
                school,
                newNumber);
    }

    private void copy(Enrollment from, int school, int number) throws SQLException {
        List<String> rest = AeriesTable.STU.columns().stream()
                .filter(column -> !AeriesTable.STU.key().contains(column))
                .toList();
        desk.update(
                "INSERT INTO [dbo].[STU] ([SC], [SN], " + AeriesTable.brackets(rest) + ") SELECT ?, ?, "
                        + AeriesTable.brackets(rest) + " FROM [dbo].[STU]" + THIS_ROW,
                school,
                number,
                from.school(),
                from.number());
    }

    Optional<LifeEvent> inactivate(SplittableRandom random) throws SQLException {
        return set(
                LifeKind.INACTIVATED,
                "[TG] = '" + (random.nextInt(4) == 0 ? "N" : "I") + "', [LD] = " + Population.midnight(today),
                ACTIVE + " AND " + MAY_MOVE,
                random);
    }

    Optional<LifeEvent> reactivate(SplittableRandom random) throws SQLException {
        String tag = random.nextInt(3) == 0 ? "NULL" : random.nextInt(2) == 0 ? "' '" : "''";
        return set(
                LifeKind.REACTIVATED,
                "[TG] = " + tag + ", [LD] = NULL",
                LIVE + " AND NOT (" + NO_TAG + ") AND " + MAY_MOVE + " AND " + NOWHERE_ELSE,
                random);
    }

    Optional<LifeEvent> softDelete(SplittableRandom random) throws SQLException {
        return set(LifeKind.SOFT_DELETED, "[DEL] = 1", LIVE + " AND " + MAY_MOVE, random);
    }

    Optional<LifeEvent> restore(SplittableRandom random) throws SQLException {
        String live = random.nextBoolean() ? "0" : "NULL";
        return set(LifeKind.RESTORED, "[DEL] = " + live, "[DEL] = 1 AND " + MAY_MOVE, random);
    }

    private Optional<LifeEvent> set(LifeKind kind, String change, String condition, SplittableRandom random)
            throws SQLException {
        Optional<Enrollment> found = desk.some(schools.all(), condition, random);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        desk.update(
                "UPDATE [dbo].[STU] SET " + change + THIS_ROW,
                found.get().school(),
                found.get().number());
        return event(kind, found.get());
    }

    /** The row goes to the inactive school under a new number; the old one is deleted, softly or for good. */
    Optional<LifeEvent> leave(SplittableRandom random) throws SQLException {
        Optional<Enrollment> found =
                desk.some(schools.all(), ACTIVE + " AND " + MAY_MOVE + " AND " + NOWHERE_ELSE, random);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Enrollment old = found.get();
        int number = desk.freeNumber(SchoolPlan.INACTIVE);
        copy(old, SchoolPlan.INACTIVE, number);
        desk.update(
                "UPDATE [dbo].[STU] SET [TG] = 'I', [LD] = ?" + THIS_ROW,
                today.atStartOfDay(),
                SchoolPlan.INACTIVE,
                number);
        desk.update(
                (random.nextBoolean() ? "DELETE FROM [dbo].[STU]" : "UPDATE [dbo].[STU] SET [DEL] = 1") + THIS_ROW,
                old.school(),
                old.number());
        return event(LifeKind.LEFT, old);
    }

    Optional<LifeEvent> comeBack(SplittableRandom random) throws SQLException {
        Optional<Enrollment> found =
                desk.some(List.of(SchoolPlan.INACTIVE), LIVE + " AND " + MAY_MOVE + " AND " + NOWHERE_ELSE, random);
        Optional<Integer> school = found.isEmpty()
                ? Optional.empty()
                : schools.someForGrade(found.get().grade(), random);
        if (school.isEmpty()) {
            return Optional.empty();
        }
        enrolAgain(found.get(), school.get());
        desk.update(
                "DELETE FROM [dbo].[STU]" + THIS_ROW,
                found.get().school(),
                found.get().number());
        return event(LifeKind.RETURNED, found.get());
    }

    Optional<LifeEvent> changeKey(SplittableRandom random) throws SQLException {
        Optional<Enrollment> found = desk.some(schools.all(), LIVE, random);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Enrollment row = found.get();
        desk.update(
                "UPDATE [dbo].[STU] SET [SN] = ?" + THIS_ROW,
                desk.freeNumber(row.school()),
                row.school(),
                row.number());
        return event(LifeKind.KEY_CHANGED, row);
    }

    Optional<LifeEvent> changeStudentId(SplittableRandom random) throws SQLException {
        Optional<Enrollment> found = desk.some(schools.all(), NEW_STUDENT, random);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        int old = found.get().id();
        int changed = nextId++;
        desk.update("UPDATE [dbo].[STU] SET [ID] = ? WHERE [ID] = ?", changed, old);
        return Optional.of(new LifeEvent(LifeKind.STUDENT_ID_CHANGED, List.of("student/" + old, "student/" + changed)));
    }

    /** A thousand rows at once get another track, which no delivered file shows. */
    Optional<LifeEvent> massChange(SplittableRandom random) throws SQLException {
        String track = String.valueOf((char) ('A' + random.nextInt(4)));
        int changed = desk.update("UPDATE TOP (1000) [dbo].[STU] SET [TR] = ? WHERE [TR] <> ?", track, track);
        return changed == 0 ? Optional.empty() : Optional.of(new LifeEvent(LifeKind.MASS_CHANGE, List.of()));
    }

    private static Optional<LifeEvent> event(LifeKind kind, Enrollment row) {
        return Optional.of(LifeEvent.ofStudent(kind, row.id()));
    }
}
