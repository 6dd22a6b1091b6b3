package dev.patronstream.sandbox.oracle;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Says what {@code patrons.csv} should be, given the source tables of a moment and a district's decisions.
 *
 * <p>Who selects, who is primary, what a column holds and which rows are kept back is read here a second time from the
 * rules, not from the code that keeps them. Memory grows with the feed, not with the tables.
 */
public final class Oracle {

    private static final List<String> HEADER = List.of(
            "Site Short Name",
            "Barcode",
            "District ID",
            "Last Name",
            "First Name",
            "Middle Name",
            "Nickname",
            "Patron Type",
            "Status",
            "Gender",
            "Homeroom",
            "Grade Level",
            "Is Teacher",
            "Graduation Year",
            "User Name",
            "Email 1");

    private static final int LONGEST_BARCODE = 14;
    private static final int LONGEST_DISTRICT_ID = 40;

    private Oracle() {}

    /**
     * Works out the file.
     *
     * @param businessDate the day of the cut, by which staff have left or not
     */
    public static ExpectedFile expected(TablesAsOf tables, FeedRules rules, LocalDate businessDate) {
        List<Candidate> candidates = new ArrayList<>();
        Map<String, String> leftOut = new TreeMap<>();
        if (rules.people().students()) {
            StudentCandidates students = new StudentCandidates(rules);
            tables.read("STU", students::add);
            candidates.addAll(keep(
                    students.candidates(),
                    leftOut,
                    student -> students.isTwoPeople(student) ? Optional.of("two-people-one-id") : Optional.empty()));
        }
        if (rules.people().staff()) {
            StaffCandidates staff = new StaffCandidates(rules, businessDate);
            tables.read("STF", staff::add);
            candidates.addAll(staff.candidates());
            staff.withoutSchool().forEach(person -> leftOut.put(person, "staff-without-school"));
        }
        List<Candidate> valid = keep(candidates, leftOut, Oracle::ownFault);
        Map<String, Integer> districtIds = count(valid, Candidate::districtId);
        Map<String, Integer> barcodes = count(valid, Candidate::barcode);
        List<Candidate> sent = keep(valid, leftOut, candidate -> {
            if (districtIds.get(candidate.districtId()) > 1) {
                return Optional.of("duplicate-district-id");
            }
            return barcodes.get(candidate.barcode()) > 1 ? Optional.of("duplicate-barcode") : Optional.empty();
        });
        Map<String, Integer> userNames = count(sent, Candidate::userName);
        return new ExpectedFile(
                rules.columns().header() ? HEADER : List.of(),
                sent.stream()
                        .map(candidate -> new ExpectedFile.Row(
                                candidate.person(), candidate.row(userNames.get(candidate.userName()) > 1)))
                        .toList(),
                leftOut);
    }

    private static Optional<String> ownFault(Candidate candidate) {
        if (candidate.id() <= 0) {
            return Optional.of("not-an-id");
        }
        if (candidate.values().name().last().replaceAll("[\uFFFD ]", "").isEmpty()) {
            return Optional.of("missing-last-name");
        }
        if (candidate.site().isEmpty()) {
            return Optional.of("missing-site");
        }
        if (candidate.barcode().length() > LONGEST_BARCODE) {
            return Optional.of("barcode-too-long");
        }
        if (candidate.districtId().length() > LONGEST_DISTRICT_ID) {
            return Optional.of("district-id-too-long");
        }
        return Optional.empty();
    }

    private static List<Candidate> keep(
            List<Candidate> candidates, Map<String, String> leftOut, Function<Candidate, Optional<String>> fault) {
        List<Candidate> kept = new ArrayList<>();
        for (Candidate candidate : candidates) {
            fault.apply(candidate)
                    .ifPresentOrElse(rule -> leftOut.put(candidate.person(), rule), () -> kept.add(candidate));
        }
        return kept;
    }

    private static Map<String, Integer> count(List<Candidate> candidates, Function<Candidate, String> identifier) {
        Map<String, Integer> counts = new HashMap<>();
        candidates.forEach(candidate -> counts.merge(identifier.apply(candidate), 1, Integer::sum));
        return counts;
    }
}
