package dev.patronstream.sandbox.oracle;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a district has decided about a feed of the layout {@code destiny}.
 *
 * @param schoolYear the year in which the school year begins
 * @param people who is sent, from which schools
 * @param enrollments how a student's primary enrollment is chosen
 * @param columns what the columns hold
 */
public record FeedRules(int schoolYear, People people, Enrollments enrollments, Columns columns) {

    /**
     * Who is sent, from which schools.
     *
     * @param schools school codes of the feed
     * @param primaryAmong schools that come first when a primary enrollment is chosen; the feed's own, or those of
     *     all feeds of one system
     * @param statuses the statuses that are sent: {@code active}, {@code pre-enrolled}, {@code inactive}
     * @param students whether students are sent
     * @param staff whether staff is sent
     * @param sites site short name by school code
     * @param noSchoolSite site of staff without a school; without one they are left out
     */
    public record People(
            Set<Integer> schools,
            Set<Integer> primaryAmong,
            Set<String> statuses,
            boolean students,
            boolean staff,
            Map<Integer, String> sites,
            Optional<String> noSchoolSite) {}

    /**
     * How a student's primary enrollment is chosen.
     *
     * @param statusByTag status by trimmed tag; the empty tag is the blank one, tags that are missing are inactive
     * @param concurrentPrograms attendance programs of second enrollments
     * @param neverPrimary schools that are primary only in need
     * @param schoolOrder schools in order of preference
     */
    public record Enrollments(
            Map<String, String> statusByTag,
            Set<String> concurrentPrograms,
            Set<Integer> neverPrimary,
            List<Integer> schoolOrder) {}

    /**
     * What the columns hold.
     *
     * @param preferredNames whether preferred names replace those of record where filled
     * @param identifiers templates of barcodes and District IDs
     * @param homeroomSchools schools whose homeroom is the number in CU
     * @param userNameFromLogin whether the network login is sent as user name
     * @param gradeTexts Destiny's text for a grade; the number for all others from -2 to 18, nothing for the rest
     * @param header whether the file has a header row
     */
    public record Columns(
            boolean preferredNames,
            Identifiers identifiers,
            Set<Integer> homeroomSchools,
            boolean userNameFromLogin,
            Map<Integer, String> gradeTexts,
            boolean header) {}

    /**
     * Templates with {@code {id}}, or {@code {id:%07d}} for one with leading zeros.
     *
     * @param studentBarcode barcode of students
     * @param staffBarcode barcode of staff
     * @param studentDistrictId District ID of students
     * @param staffDistrictId District ID of staff
     */
    public record Identifiers(
            String studentBarcode, String staffBarcode, String studentDistrictId, String staffDistrictId) {

        /** The plain ID everywhere, but for the barcodes of staff. */
        public static final Identifiers USUAL = new Identifiers("{id}", "T{id}", "{id}", "{id}");
    }

    /** The defaults, for some schools and their sites: active and pre-enrolled students, and staff. */
    public static FeedRules usual(int schoolYear, Map<Integer, String> sites) {
        return new FeedRules(
                schoolYear,
                new People(
                        Set.copyOf(sites.keySet()),
                        Set.copyOf(sites.keySet()),
                        Set.of("active", "pre-enrolled"),
                        true,
                        true,
                        Map.copyOf(sites),
                        Optional.empty()),
                new Enrollments(Map.of("", "active", "*", "pre-enrolled"), Set.of(), Set.of(), List.of()),
                new Columns(false, Identifiers.USUAL, Set.of(), false, Map.of(0, "K", -1, "TK", -2, "PK"), true));
    }
}
