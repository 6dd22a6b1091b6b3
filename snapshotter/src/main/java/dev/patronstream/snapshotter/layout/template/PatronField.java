package dev.patronstream.snapshotter.layout.template;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a template can name of a patron, and the columns of Aeries it comes from. The constants' order is that of the
 * documentation.
 */
public enum PatronField {
    ID("id", Kind.NUMBER, "ID", "ID", e -> Optional.of(e.getId())),
    KIND("kind", Kind.TEXT, "", "", e -> Optional.of(e.getKind().name().toLowerCase(Locale.ROOT))),
    LAST_NAME("lastName", Kind.TEXT, "LN", "LN", FeedEntry::getLastName),
    FIRST_NAME("firstName", Kind.TEXT, "FN", "FN", FeedEntry::getFirstName),
    MIDDLE_NAME("middleName", Kind.TEXT, "MN", "MN", FeedEntry::getMiddleName),
    PREFERRED_LAST_NAME("preferredLastName", Kind.TEXT, "LNA", "LNA", FeedEntry::getPreferredLastName),
    PREFERRED_FIRST_NAME("preferredFirstName", Kind.TEXT, "FNA", "FNA", FeedEntry::getPreferredFirstName),
    PREFERRED_MIDDLE_NAME("preferredMiddleName", Kind.TEXT, "MNA", "MNA", FeedEntry::getPreferredMiddleName),
    NICKNAME("nickname", Kind.TEXT, "FNA", "FNA", FeedEntry::getPreferredFirstName),
    GENDER("gender", Kind.TEXT, "GN", "GN", FeedEntry::getGender),
    EMAIL("email", Kind.TEXT, "SEM", "EM", FeedEntry::getEmail),
    NETWORK_LOGIN("networkLogin", Kind.TEXT, "NID", "NID", FeedEntry::getNetworkLogin),
    BIRTH_DATE("birthDate", Kind.DATE, "BD", "BD", FeedEntry::getBirthDate),
    ADDRESS("address", Kind.TEXT, "AD", "", FeedEntry::getAddress),
    CITY("city", Kind.TEXT, "CY", "", FeedEntry::getCity),
    STATE("state", Kind.TEXT, "ST", "", FeedEntry::getState),
    ZIP_CODE("zipCode", Kind.TEXT, "ZC", "", FeedEntry::getZipCode),
    TELEPHONE("telephone", Kind.TEXT, "TL", "", FeedEntry::getTelephone),
    SCHOOL_CODE("schoolCode", Kind.NUMBER, "SC", "PSC", tie(Affiliation::getSchoolCode)),
    SCHOOL_NAME("schoolName", Kind.TEXT, "LOC.NM", "LOC.NM", tie(Affiliation::getSchoolName)),
    STUDENT_NUMBER("studentNumber", Kind.NUMBER, "SN", "", tie(Affiliation::getStudentNumber)),
    STATUS("status", Kind.TEXT, "TG", "TG, LD", e -> Optional.of(statusOf(e))),
    STATUS_TAG("statusTag", Kind.TEXT, "TG", "TG", tie(Affiliation::getStatusTag)),
    GRADE("grade", Kind.NUMBER, "GR", "", tie(Affiliation::getGrade)),
    NEXT_GRADE("nextGrade", Kind.NUMBER, "NG", "", tie(Affiliation::getNextGrade)),
    NEXT_SCHOOL("nextSchool", Kind.NUMBER, "NS", "", tie(Affiliation::getNextSchool)),
    NEXT_TEACHER("nextTeacher", Kind.TEXT, "NT", "", tie(Affiliation::getNextTeacher)),
    ATTENDANCE_PROGRAM("attendanceProgram", Kind.TEXT, "SP", "", tie(Affiliation::getAttendanceProgram)),
    COUNSELOR_NUMBER("counselorNumber", Kind.NUMBER, "CU", "", tie(Affiliation::getCounselorNumber)),
    COUNSELOR_NAME("counselorName", Kind.TEXT, "TCH.TE", "", tie(Affiliation::getCounselorName)),
    TRACK("track", Kind.TEXT, "TR", "", tie(Affiliation::getTrack)),
    POSITION_STATUS("positionStatus", Kind.TEXT, "", "PS", tie(Affiliation::getPositionStatus)),
    ENTER_DATE("enterDate", Kind.DATE, "ED", "HD", tie(Affiliation::getEnterDate)),
    LEAVE_DATE("leaveDate", Kind.DATE, "LD", "LD", tie(Affiliation::getLeaveDate));

    /** What the values are, and so which formats they can have. */
    enum Kind {
        TEXT,
        NUMBER,
        DATE
    }

    private final String id;
    private final Kind kind;
    private final String studentColumn;
    private final String staffColumn;

    @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
    private final Function<FeedEntry, ? extends Optional<?>> value;

    PatronField(
            String id,
            Kind kind,
            String studentColumn,
            String staffColumn,
            Function<FeedEntry, ? extends Optional<?>> value) {
        this.id = id;
        this.kind = kind;
        this.studentColumn = studentColumn;
        this.staffColumn = staffColumn;
        this.value = value;
    }

    static Optional<PatronField> of(String id) {
        return Arrays.stream(values()).filter(field -> field.id.equals(id)).findFirst();
    }

    /** Returns the field that is a column of Aeries, named with its table. */
    static Optional<PatronField> ofColumn(String column) {
        return Arrays.stream(values())
                .filter(field ->
                        ("STU." + field.studentColumn).equals(column) || ("STF." + field.staffColumn).equals(column))
                .findFirst();
    }

    static String table(FeedEntry entry) {
        return entry.getKind() == PatronKind.STAFF ? "STF" : "STU";
    }

    String id() {
        return id;
    }

    Kind kind() {
        return kind;
    }

    public Optional<String> text(FeedEntry entry) {
        return value.apply(entry).map(String::valueOf);
    }

    Optional<Integer> number(FeedEntry entry) {
        return value.apply(entry).map(Integer.class::cast);
    }

    /** Returns the column it comes from: {@code STU.LN}, {@code STF.LN}. */
    public String source(FeedEntry entry) {
        boolean staff = entry.getKind() == PatronKind.STAFF;
        String column = staff ? staffColumn : studentColumn;
        if (column.isEmpty()) {
            return staff ? "not a column of staff" : "not a column of students";
        }
        return column.indexOf('.') > 0 ? column : table(entry) + "." + column;
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
