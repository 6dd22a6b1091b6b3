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
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.table.JoinedTable;
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
            "students, one row per student and school",
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
                    grouped(ColumnGroup.STAFF_COUNSELORS, "counselorStaffId", INTEGER, "CNS"),
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
            "schools",
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
            "staff",
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
            "teachers, for the names of homeroom teachers",
            ColumnGroup.TEACHERS,
            JoinedTable.TCH,
            List.of(key("schoolCode", "SC"), key("teacherNumber", "TN"), required("name", TEXT, "TE")));

    /** The column of the soft delete, in each of the tables. */
    public static final String DELETED = "DEL";

    private final String rows;
    private final Optional<ColumnGroup> group;
    private final Optional<JoinedTable> joined;
    private final Function<Topics, String> topic;
    private final Supplier<? extends SpecificRecordBase> emptyRecord;
    private final Function<SpecificRecordBase, String> key;
    private final List<ContractColumn> columns;

    /** A table that is always captured. */
    SourceTable(
            String rows,
            Function<Topics, String> topic,
            Supplier<? extends SpecificRecordBase> emptyRecord,
            Function<SpecificRecordBase, String> key,
            List<ContractColumn> columns) {
        this.rows = rows;
        this.group = Optional.empty();
        this.joined = Optional.empty();
        this.topic = topic;
        this.emptyRecord = emptyRecord;
        this.key = key;
        this.columns = columns;
    }

    /** A table that is captured where a feed needs what it adds. */
    SourceTable(String rows, ColumnGroup group, JoinedTable joined, List<ContractColumn> columns) {
        this.rows = rows;
        this.group = Optional.of(group);
        this.joined = Optional.of(joined);
        this.topic = topics -> topics.of(joined);
        this.emptyRecord = joined::emptyRecord;
        this.key = joined::keyOf;
        this.columns = columns;
    }

    /** Returns what a row is, for people. */
    public String rows() {
        return rows;
    }

    /** Whether a record of the table's topic may have this key. */
    public boolean isKey(String key) {
        return keyColumns().size() == 1 ? Keys.isNumber(key) : Keys.isNumberInSchool(key);
    }

    /** Returns the group that the table is asked for by; empty when it is always captured. */
    public Optional<ColumnGroup> group() {
        return group;
    }

    /** Returns what the table adds to enrollments; empty when it is always captured. */
    public Optional<JoinedTable> joined() {
        return joined;
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
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    isPlain(value) ? Integer.parseInt(value) : new BigDecimal(Text.strip(value)).intValueExact());
        } catch (NumberFormatException | ArithmeticException unreadable) {
            return Optional.empty();
        }
    }

    /** Whether it is nothing but a few digits, as nearly every number is. */
    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return !value.isEmpty() && value.length() < 10;
    }

    String keyOf(SpecificRecordBase row) {
        return key.apply(row);
    }
}
