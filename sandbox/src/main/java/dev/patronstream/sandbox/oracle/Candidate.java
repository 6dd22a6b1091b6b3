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
            String lastName,
            String firstName,
            String middleName,
            String patronType,
            String status,
            String gender,
            String homeroom,
            String grade,
            String isTeacher,
            String graduationYear,
            String userName,
            String email) {}

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
                cut(values.lastName(), 42),
                cut(values.firstName(), 42),
                cut(values.middleName(), 42),
                "",
                values.patronType(),
                values.status(),
                values.gender(),
                cut(values.homeroom(), 90),
                cut(values.grade(), 30),
                values.isTeacher(),
                values.graduationYear(),
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
