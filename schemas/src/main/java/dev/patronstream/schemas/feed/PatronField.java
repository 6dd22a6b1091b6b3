package dev.patronstream.schemas.feed;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.StaffMember;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The fields of a feed's entries: what templates, selections and lists of carried fields can name of a patron, and the
 * columns of Aeries it comes from. The constants' order is that of the documentation.
 *
 * <p>A district's own columns are no constants: they are named like {@code STU.U5}, and all of them are private.
 */
public enum PatronField {
    ID("id", Kind.NUMBER, Group.ALWAYS, "ID", "ID", e -> Optional.of(e.getId())),
    KIND(
            "kind",
            Kind.TEXT,
            Group.ALWAYS,
            "",
            "",
            e -> Optional.of(e.getKind().name().toLowerCase(Locale.ROOT))),
    LAST_NAME("lastName", Kind.TEXT, Group.NAMES, "LN", "LN", FeedEntry::getLastName),
    FIRST_NAME("firstName", Kind.TEXT, Group.NAMES, "FN", "FN", FeedEntry::getFirstName),
    MIDDLE_NAME("middleName", Kind.TEXT, Group.NAMES, "MN", "MN", FeedEntry::getMiddleName),
    PREFERRED_LAST_NAME(
            "preferredLastName", Kind.TEXT, Group.PREFERRED_NAMES, "LNA", "LNA", FeedEntry::getPreferredLastName),
    PREFERRED_FIRST_NAME(
            "preferredFirstName", Kind.TEXT, Group.PREFERRED_NAMES, "FNA", "FNA", FeedEntry::getPreferredFirstName),
    PREFERRED_MIDDLE_NAME(
            "preferredMiddleName", Kind.TEXT, Group.PREFERRED_NAMES, "MNA", "MNA", FeedEntry::getPreferredMiddleName),
    NICKNAME("nickname", Kind.TEXT, Group.NONE, "FNA", "FNA", FeedEntry::getPreferredFirstName),
    GENDER("gender", Kind.TEXT, Group.NONE, "GN", "GN", FeedEntry::getGender),
    EMAIL("email", Kind.TEXT, Group.NONE, "SEM", "EM", FeedEntry::getEmail),
    NETWORK_LOGIN("networkLogin", Kind.TEXT, Group.NONE, "NID", "NID", FeedEntry::getNetworkLogin),
    BIRTH_DATE("birthDate", Kind.DATE, Group.NONE, "BD", "BD", FeedEntry::getBirthDate),
    ADDRESS("address", Kind.TEXT, Group.ADDRESS, "AD", "", FeedEntry::getAddress),
    CITY("city", Kind.TEXT, Group.ADDRESS, "CY", "", FeedEntry::getCity),
    STATE("state", Kind.TEXT, Group.ADDRESS, "ST", "", FeedEntry::getState),
    ZIP_CODE("zipCode", Kind.TEXT, Group.ADDRESS, "ZC", "", FeedEntry::getZipCode),
    TELEPHONE("telephone", Kind.TEXT, Group.NONE, "TL", "", FeedEntry::getTelephone),
    SCHOOL_CODE("schoolCode", Kind.NUMBER, Group.ALWAYS, "SC", "PSC", tie(Affiliation::getSchoolCode)),
    SCHOOL_NAME("schoolName", Kind.TEXT, Group.SCHOOL, "LOC.NM", "LOC.NM", tie(Affiliation::getSchoolName)),
    STUDENT_NUMBER("studentNumber", Kind.NUMBER, Group.ALWAYS, "SN", "", tie(Affiliation::getStudentNumber)),
    STATUS("status", Kind.TEXT, Group.ALWAYS, "TG", "TG, LD", e -> Optional.of(statusOf(e))),
    STATUS_TAG("statusTag", Kind.TEXT, Group.NONE, "TG", "TG", tie(Affiliation::getStatusTag)),
    GRADE("grade", Kind.NUMBER, Group.NONE, "GR", "", tie(Affiliation::getGrade)),
    NEXT_GRADE("nextGrade", Kind.NUMBER, Group.NONE, "NG", "", tie(Affiliation::getNextGrade)),
    NEXT_SCHOOL("nextSchool", Kind.NUMBER, Group.NONE, "NS", "", tie(Affiliation::getNextSchool)),
    NEXT_TEACHER("nextTeacher", Kind.TEXT, Group.NONE, "NT", "", tie(Affiliation::getNextTeacher)),
    ATTENDANCE_PROGRAM("attendanceProgram", Kind.TEXT, Group.NONE, "SP", "", tie(Affiliation::getAttendanceProgram)),
    COUNSELOR_NUMBER("counselorNumber", Kind.NUMBER, Group.NONE, "CU", "", tie(Affiliation::getCounselorNumber)),
    COUNSELOR_NAME("counselorName", Kind.TEXT, Group.NONE, "TCH.TE", "", tie(Affiliation::getCounselorName)),
    COUNSELOR_STAFF_ID("counselorStaffId", Kind.NUMBER, Group.NONE, "CNS", "", tie(Affiliation::getCounselorStaffId)),
    COUNSELOR_LAST_NAME(
            "counselorLastName", Kind.TEXT, Group.NONE, "STF.LN", "", tie(Affiliation::getCounselorLastName)),
    COUNSELOR_FIRST_NAME(
            "counselorFirstName", Kind.TEXT, Group.NONE, "STF.FN", "", tie(Affiliation::getCounselorFirstName)),
    TRACK("track", Kind.TEXT, Group.NONE, "TR", "", tie(Affiliation::getTrack)),
    POSITION_STATUS("positionStatus", Kind.TEXT, Group.NONE, "", "PS", tie(Affiliation::getPositionStatus)),
    ENTER_DATE("enterDate", Kind.DATE, Group.NONE, "ED", "HD", tie(Affiliation::getEnterDate)),
    LEAVE_DATE("leaveDate", Kind.DATE, Group.NONE, "LD", "LD", tie(Affiliation::getLeaveDate));

    /** One of the district's own columns, with its table: those of students are blank for staff, and the other way. */
    public static final Pattern OWN_COLUMN = Pattern.compile("(STU|STF)\\.([A-Z][A-Z0-9_]*)");

    private static final Map<String, PatronField> BY_ID = new HashMap<>();
    private static final Map<String, PatronField> BY_COLUMN = new HashMap<>();

    static {
        for (PatronField field : values()) {
            BY_ID.put(field.id, field);
            // What stands in TG is the tag; the status is what the tag means.
            if (field != STATUS) {
                BY_COLUMN.putIfAbsent("STU." + field.studentColumn, field);
                BY_COLUMN.putIfAbsent("STF." + field.staffColumn, field);
            }
        }
    }

    private static final Set<PatronField> PRIVATE = EnumSet.of(BIRTH_DATE, ADDRESS, CITY, STATE, ZIP_CODE, TELEPHONE);

    /** What the values are, and so which formats they can have. */
    public enum Kind {
        TEXT,
        NUMBER,
        DATE
    }

    /** Fields that a list of carried fields names together. */
    public enum Group {
        /** In every entry: what the record is about, and what every delivery needs. */
        ALWAYS,
        NAMES,
        PREFERRED_NAMES,
        SCHOOL,
        ADDRESS,
        /** Fields that are named one by one. */
        NONE;

        /** Returns its name in a list of fields: {@code preferred-names}; empty if it has none. */
        public Optional<String> id() {
            return this == ALWAYS || this == NONE
                    ? Optional.empty()
                    : Optional.of(name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }

        /** Returns the fields, in their order. */
        public List<PatronField> fields() {
            return Arrays.stream(PatronField.values())
                    .filter(field -> field.group == this)
                    .toList();
        }
    }

    private final String id;
    private final Kind kind;
    private final Group group;
    private final String studentColumn;
    private final String staffColumn;

    @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
    private final Function<FeedEntry, ? extends Optional<?>> value;

    PatronField(
            String id,
            Kind kind,
            Group group,
            String studentColumn,
            String staffColumn,
            Function<FeedEntry, ? extends Optional<?>> value) {
        this.id = id;
        this.kind = kind;
        this.group = group;
        this.studentColumn = studentColumn;
        this.staffColumn = staffColumn;
        this.value = value;
    }

    /** Returns the field of an id, like {@code birthDate}. */
    public static Optional<PatronField> of(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    /** Returns the field that is a column of Aeries, named with its table. */
    public static Optional<PatronField> ofColumn(String column) {
        return Optional.ofNullable(BY_COLUMN.get(column));
    }

    /** Returns the field of an id, or of a column with its table. */
    public static Optional<PatronField> named(String name) {
        return of(name).or(() -> ofColumn(name));
    }

    /** Returns some ids and own columns without the fields that are in every entry. */
    public static Set<String> withoutThoseOfEveryEntry(Set<String> names) {
        return names.stream()
                .filter(name ->
                        of(name).filter(field -> field.group == Group.ALWAYS).isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the table of a kind of patron. */
    public static String table(PatronKind kind) {
        return kind == PatronKind.STAFF ? "STF" : "STU";
    }

    /** Returns its name in templates and configurations. */
    public String id() {
        return id;
    }

    public Kind kind() {
        return kind;
    }

    public Group group() {
        return group;
    }

    /** Whether a privacy officer has to agree to it: birth date, address and telephone. */
    public boolean isPrivate() {
        return PRIVATE.contains(this);
    }

    /** Returns the value of a patron as text; dates as {@code 2026-08-31}. */
    public Optional<String> text(FeedEntry entry) {
        return value.apply(entry).map(String::valueOf);
    }

    /** Returns the value of a patron, of a field that is a number. */
    public Optional<Integer> number(FeedEntry entry) {
        return value.apply(entry).map(Integer.class::cast);
    }

    /** Returns the field of {@link FeedEntry}, or else of {@link Affiliation}, that holds the value. */
    public String contractField() {
        return this == NICKNAME ? PREFERRED_FIRST_NAME.id : id;
    }

    /** Returns the field of a row's contract, {@link Enrollment} or {@link StaffMember}, that holds the value. */
    String rowField(PatronKind patrons) {
        boolean staff = patrons == PatronKind.STAFF;
        return switch (this) {
            case ID -> staff ? "staffId" : "studentId";
            case SCHOOL_CODE -> staff ? "primarySchool" : id;
            case STATUS_TAG -> staff ? "inactiveTag" : id;
            case ENTER_DATE -> staff ? "hireDate" : id;
            default -> contractField();
        };
    }

    /** Returns the column that it comes from: {@code STU.LN}, {@code LOC.NM}; empty if that kind of patron has none. */
    public Optional<String> column(PatronKind patrons) {
        String column = patrons == PatronKind.STAFF ? staffColumn : studentColumn;
        return Optional.of(column)
                .filter(name -> !name.isEmpty())
                .map(name -> name.indexOf('.') > 0 ? name : table(patrons) + "." + name);
    }

    /** Returns the column it comes from in words: {@code STU.LN}, {@code STF.LN}. */
    public String source(FeedEntry entry) {
        return column(entry.getKind())
                .orElse(entry.getKind() == PatronKind.STAFF ? "not a column of staff" : "not a column of students");
    }

    private static <T> Function<FeedEntry, Optional<T>> tie(Function<Affiliation, Optional<T>> value) {
        return entry -> value.apply(entry.getPrimary());
    }

    private static String statusOf(FeedEntry entry) {
        return entry.getPrimary().getStatus() == PatronStatus.PRE_ENROLLED
                ? "pre-enrolled"
                : entry.getPrimary().getStatus().name().toLowerCase(Locale.ROOT);
    }
}
