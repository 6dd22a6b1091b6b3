package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Phase;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.Source;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.Teacher;
import java.time.Instant;
import java.time.LocalDate;

/** Rows of a small district. */
public final class Rows {

    public static final String INCARNATION = "eagle-1";
    public static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

    private Rows() {}

    /** An active student. */
    public static Enrollment.Builder enrollment(int school, int number, int id) {
        return Enrollment.newBuilder()
                .setSchoolCode(school)
                .setStudentNumber(number)
                .setStudentId(id)
                .setLastName("Last" + id)
                .setFirstName("First" + id)
                .setGrade(9)
                .setEnterDate(TODAY.minusDays(90))
                .setSource(source());
    }

    public static School school(int code, String name) {
        return School.newBuilder()
                .setCode(code)
                .setName(name)
                .setSource(source())
                .build();
    }

    public static Teacher teacher(int school, int number, String name) {
        return Teacher.newBuilder()
                .setSchoolCode(school)
                .setTeacherNumber(number)
                .setName(name)
                .setSource(source())
                .build();
    }

    /** An active staff member. */
    public static StaffMember.Builder staff(int id, int school) {
        return StaffMember.newBuilder()
                .setStaffId(id)
                .setLastName("Teacher" + id)
                .setPrimarySchool(school)
                .setSource(source());
    }

    private static Source source() {
        return Source.newBuilder()
                .setIncarnation(INCARNATION)
                .setCommitLsn("00000027:00000758:0005")
                .setCommittedAt(Instant.parse("2026-11-23T12:00:00Z"))
                .setPhase(Phase.STREAM)
                .build();
    }
}
