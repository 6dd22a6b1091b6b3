package dev.patronstream.cli.explain;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.StaffMember;
import java.util.List;
import java.util.Optional;

/**
 * The rows of Aeries that are one person.
 *
 * @param kind student or staff member
 * @param id student ID or staff ID
 * @param enrollments the rows of STU; empty for staff
 * @param staffMember the row of STF; empty for students
 */
record PersonRows(PatronKind kind, int id, List<Enrollment> enrollments, Optional<StaffMember> staffMember) {

    static PersonRows student(List<Enrollment> enrollments) {
        return new PersonRows(PatronKind.STUDENT, enrollments.get(0).getStudentId(), enrollments, Optional.empty());
    }

    static PersonRows gone(PatronKind kind, int id) {
        return new PersonRows(kind, id, List.of(), Optional.empty());
    }

    boolean isGone() {
        return enrollments.isEmpty() && staffMember.isEmpty();
    }

    static PersonRows staff(StaffMember row) {
        return new PersonRows(PatronKind.STAFF, row.getStaffId(), List.of(), Optional.of(row));
    }
}
