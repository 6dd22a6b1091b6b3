package dev.patronstream.sandbox.district;

import java.time.LocalDate;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/** A row of STU in the making. */
public final class StudentRow {

    final int school;
    final int number;
    public final int id;

    @Nullable
    public String lastName = "";

    @Nullable
    public String firstName = "";

    @Nullable
    String middleName;

    @Nullable
    String preferredLastName;

    @Nullable
    String preferredFirstName;

    @Nullable
    String preferredMiddleName;

    @Nullable
    public String gender;

    public int grade;

    @Nullable
    LocalDate birthDate;

    @Nullable
    public String tag = "";

    @Nullable
    String program = "";

    @Nullable
    public Integer counselor;

    @Nullable
    public String email;

    @Nullable
    String login;

    @Nullable
    String address;

    @Nullable
    String telephone;

    @Nullable
    Integer nextSchool;

    @Nullable
    Integer nextGrade;

    @Nullable
    Integer nextTeacher;

    @Nullable
    public LocalDate enterDate;

    @Nullable
    LocalDate leaveDate;

    @Nullable
    Boolean deleted = false;

    public StudentRow(int school, int number, int id) {
        this.school = school;
        this.number = number;
        this.id = id;
    }

    /** The same person in another school. */
    StudentRow inSchool(int otherSchool, int otherNumber) {
        StudentRow row = new StudentRow(otherSchool, otherNumber, id);
        row.lastName = lastName;
        row.firstName = firstName;
        row.middleName = middleName;
        row.preferredLastName = preferredLastName;
        row.preferredFirstName = preferredFirstName;
        row.preferredMiddleName = preferredMiddleName;
        row.gender = gender;
        row.grade = grade;
        row.birthDate = birthDate;
        row.email = email;
        row.login = login;
        row.address = address;
        row.telephone = telephone;
        row.enterDate = enterDate;
        return row;
    }

    /** The values in the order of {@link AeriesTable#columns()}. */
    @Nullable
    public Object[] values() {
        return new @Nullable Object[] {
            school,
            number,
            id,
            lastName,
            firstName,
            middleName,
            preferredLastName,
            preferredFirstName,
            preferredMiddleName,
            gender,
            grade,
            midnight(birthDate),
            tag,
            program,
            counselor,
            "A",
            email,
            login,
            address,
            "Eagle",
            "CA",
            "90000",
            telephone,
            nextSchool,
            nextGrade,
            nextTeacher,
            midnight(enterDate),
            midnight(leaveDate),
            null,
            null,
            null,
            deleted
        };
    }

    static @Nullable LocalDateTime midnight(@Nullable LocalDate date) {
        return date == null ? null : date.atStartOfDay();
    }
}
