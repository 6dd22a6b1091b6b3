package dev.patronstream.connector.row;

import static dev.patronstream.connector.row.ContractColumn.grouped;
import static dev.patronstream.connector.row.ContractColumn.key;
import static dev.patronstream.connector.row.ContractColumn.optional;
import static dev.patronstream.connector.row.ContractColumn.required;
import static dev.patronstream.connector.row.ValueKind.DATE;
import static dev.patronstream.connector.row.ValueKind.INTEGER;
import static dev.patronstream.connector.row.ValueKind.TAG;
import static dev.patronstream.connector.row.ValueKind.TEXT;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.Teacher;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.topic.Topics;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** The tables of Aeries that can be captured, each with its contract. The constant's name is the table's name. */
@SuppressWarnings("ImmutableEnumChecker") // Method references without state, and List.of.
public enum SourceTable {
    /** Students, one row per student and school. */
    STU(
            Optional.empty(),
            Topics::enrollments,
            Enrollment::new,
            row -> {
                Enrollment enrollment = (Enrollment) row;
                return Keys.enrollment(enrollment.getSchoolCode(), enrollment.getStudentNumber());
            },
            List.of(
                    key("schoolCode", "SC"),
                    key("studentNumber", "SN"),
                    required("studentId", INTEGER, "ID"),
                    required("lastName", TEXT, "LN"),
                    required("firstName", TEXT, "FN"),
                    optional("middleName", TEXT, "MN"),
                    grouped(ColumnGroup.PREFERRED_NAMES, "preferredLastName", TEXT, "LNA"),
                    grouped(ColumnGroup.PREFERRED_NAMES, "preferredFirstName", TEXT, "FNA"),
                    grouped(ColumnGroup.PREFERRED_NAMES, "preferredMiddleName", TEXT, "MNA"),
                    optional("gender", TEXT, "GN", "SX"),
                    required("grade", INTEGER, "GR"),
                    required("statusTag", TAG, "TG"),
                    optional("attendanceProgram", TEXT, "SP"),
                    optional("counselorNumber", INTEGER, "CU"),
                    optional("track", TEXT, "TR"),
                    optional("email", TEXT, "SEM"),
                    optional("networkLogin", TEXT, "NID"),
                    grouped(ColumnGroup.BIRTH_DATE, "birthDate", DATE, "BD"),
                    grouped(ColumnGroup.ADDRESS, "address", TEXT, "AD"),
                    grouped(ColumnGroup.ADDRESS, "city", TEXT, "CY"),
                    grouped(ColumnGroup.ADDRESS, "state", TEXT, "ST"),
                    grouped(ColumnGroup.ADDRESS, "zipCode", TEXT, "ZC"),
                    grouped(ColumnGroup.TELEPHONE, "telephone", TEXT, "TL"),
                    optional("nextSchool", INTEGER, "NS"),
                    optional("nextGrade", INTEGER, "NG"),
                    optional("nextTeacher", TEXT, "NT"),
                    optional("enterDate", DATE, "ED"),
                    optional("leaveDate", DATE, "LD"))),

    /** Schools. */
    LOC(
            Optional.empty(),
            Topics::schools,
            School::new,
            row -> Keys.school(((School) row).getCode()),
            List.of(
                    key("code", "CD"),
                    required("name", TEXT, "NM"),
                    optional("inactiveTag", TAG, "TG"),
                    optional("lowGrade", INTEGER, "LO"),
                    optional("highGrade", INTEGER, "HI"),
                    grouped(ColumnGroup.ADDRESS, "address", TEXT, "AD"),
                    grouped(ColumnGroup.ADDRESS, "city", TEXT, "CY"),
                    grouped(ColumnGroup.ADDRESS, "state", TEXT, "ST"),
                    grouped(ColumnGroup.ADDRESS, "zipCode", TEXT, "ZC"),
                    grouped(ColumnGroup.TELEPHONE, "telephone", TEXT, "TL"))),

    /** Staff. */
    STF(
            Optional.empty(),
            Topics::staff,
            StaffMember::new,
            row -> Keys.staffMember(((StaffMember) row).getStaffId()),
            List.of(
                    key("staffId", "ID"),
                    required("lastName", TEXT, "LN"),
                    required("firstName", TEXT, "FN"),
                    optional("middleName", TEXT, "MN"),
                    grouped(ColumnGroup.PREFERRED_NAMES, "preferredLastName", TEXT, "LNA"),
                    grouped(ColumnGroup.PREFERRED_NAMES, "preferredFirstName", TEXT, "FNA"),
                    grouped(ColumnGroup.PREFERRED_NAMES, "preferredMiddleName", TEXT, "MNA"),
                    optional("gender", TEXT, "GN", "SX"),
                    optional("email", TEXT, "EM"),
                    optional("networkLogin", TEXT, "NID"),
                    required("primarySchool", INTEGER, "PSC", "SC"),
                    optional("inactiveTag", TAG, "TG"),
                    optional("positionStatus", TEXT, "PS"),
                    optional("hireDate", DATE, "HD"),
                    optional("leaveDate", DATE, "LD"),
                    grouped(ColumnGroup.BIRTH_DATE, "birthDate", DATE, "BD"))),

    /** Teachers, one row per school and teacher. */
    TCH(
            Optional.of(ColumnGroup.TEACHERS),
            Topics::teachers,
            Teacher::new,
            row -> {
                Teacher teacher = (Teacher) row;
                return Keys.teacher(teacher.getSchoolCode(), teacher.getTeacherNumber());
            },
            List.of(key("schoolCode", "SC"), key("teacherNumber", "TN"), required("name", TEXT, "TE")));

    /** The column of the soft delete, in each of the tables. */
    public static final String DELETED = "DEL";

    private final Optional<ColumnGroup> group;
    private final Function<Topics, String> topic;
    private final Supplier<? extends SpecificRecordBase> emptyRecord;
    private final Function<SpecificRecordBase, String> key;
    private final List<ContractColumn> columns;

    SourceTable(
            Optional<ColumnGroup> group,
            Function<Topics, String> topic,
            Supplier<? extends SpecificRecordBase> emptyRecord,
            Function<SpecificRecordBase, String> key,
            List<ContractColumn> columns) {
        this.group = group;
        this.topic = topic;
        this.emptyRecord = emptyRecord;
        this.key = key;
        this.columns = columns;
    }

    /** Whether a record of the table's topic may have this key. */
    public boolean isKey(String key) {
        return (this == STU || this == TCH) ? Keys.isNumberInSchool(key) : Keys.isNumber(key);
    }

    /** Returns the group that the table is asked for by; empty when it is always captured. */
    public Optional<ColumnGroup> group() {
        return group;
    }

    public String topic(Topics topics) {
        return topic.apply(topics);
    }

    /** Returns the contract's columns, in the order of its fields. */
    public List<ContractColumn> columns() {
        return columns;
    }

    /** Returns the columns of the key, which have the same names in every version of the SIS, in their order. */
    public List<String> keyColumns() {
        return columns.stream()
                .filter(column -> column.need() == ContractColumn.Need.KEY)
                .map(column -> column.names().get(0))
                .toList();
    }

    public Class<? extends SpecificRecordBase> contract() {
        return emptyRecord().getClass();
    }

    SpecificRecordBase emptyRecord() {
        return emptyRecord.get();
    }

    /** Returns the key of a row by the values of its key columns; empty when one of them is no whole number. */
    public Optional<String> keyOf(List<@Nullable String> values) {
        List<String> parts = new ArrayList<>();
        for (@Nullable String value : values) {
            Optional<Integer> part = number(value);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            parts.add(part.get().toString());
        }
        return Optional.of(String.join("/", parts));
    }

    /** Reads a whole number as a column of any type may hold it; empty if there is none. */
    public static Optional<Integer> number(@Nullable String value) {
        try {
            return value == null ? Optional.empty() : Optional.of(new BigDecimal(Text.strip(value)).intValueExact());
        } catch (NumberFormatException | ArithmeticException unreadable) {
            return Optional.empty();
        }
    }

    String keyOf(SpecificRecordBase row) {
        return key.apply(row);
    }
}
