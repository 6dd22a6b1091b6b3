package dev.patronstream.sandbox.oracle;

import java.util.List;

/**
 * Somebody who belongs into the feed, if nothing speaks against the row.
 *
 * @param person {@code student/99400001} or {@code staff/1001}
 */
record Candidate(
        String person, boolean isStaff, int id, String site, String barcode, String districtId, Values values) {

    /** What the other columns hold, before it is cut to the columns' lengths. */
    record Values(
            Name name, String patronType, String status, String gender, School school, String userName, String email) {}

    record Name(String last, String first, String middle) {}

    /** What a school knows of a student; empty for staff. */
    record School(String homeroom, String grade, String isTeacher, String graduationYear) {}

    /**
     * The row as it is sent.
     *
     * @param userNameShared whether somebody else in the file has the user name: then nobody gets it
     */
    List<String> row(boolean userNameShared) {
        return List.of(
                site,
                barcode,
                districtId,
                cut(values.name().last(), 42),
                cut(values.name().first(), 42),
                cut(values.name().middle(), 42),
                "",
                values.patronType(),
                values.status(),
                values.gender(),
                cut(values.school().homeroom(), 90),
                cut(values.school().grade(), 30),
                values.school().isTeacher(),
                values.school().graduationYear(),
                userNameShared ? "" : userName(),
                cut(values.email(), 200));
    }

    String userName() {
        return cut(values.userName(), 50);
    }

    private static String cut(String value, int length) {
        int characters = value.codePointCount(0, value.length());
        return characters <= length
                ? value
                : value.substring(0, value.offsetByCodePoints(0, length)).strip();
    }
}
