package dev.patronstream.sandbox.oracle;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The staff members who belong into a feed on a given day. */
final class StaffCandidates {

    private final FeedRules rules;
    private final LocalDate businessDate;
    private final List<Candidate> candidates = new ArrayList<>();
    private final List<String> withoutSchool = new ArrayList<>();

    StaffCandidates(FeedRules rules, LocalDate businessDate) {
        this.rules = rules;
        this.businessDate = businessDate;
    }

    void add(Map<String, @Nullable Object> row) {
        Cells cells = new Cells(row);
        if (cells.isDeleted()) {
            return;
        }
        boolean left =
                cells.date("LD").filter(date -> date.isBefore(businessDate)).isPresent();
        boolean active = cells.text("TG").isEmpty() && !left;
        if (!rules.people().statuses().contains(active ? "active" : "inactive")) {
            return;
        }
        int id = cells.number("ID").orElseThrow();
        int school = cells.number("PSC").orElse(0);
        if (school == 0 && rules.people().noSchoolSite().isEmpty()) {
            withoutSchool.add("staff/" + id);
        } else if (school == 0 || rules.people().schools().contains(school)) {
            String site = school == 0
                    ? rules.people().noSchoolSite().orElseThrow()
                    : rules.people().sites().getOrDefault(school, "");
            candidates.add(candidate(cells, id, site, active));
        }
    }

    private Candidate candidate(Cells cells, int id, String site, boolean active) {
        Names names = Names.of(cells, rules.columns().preferredNames());
        return new Candidate(
                "staff/" + id,
                true,
                id,
                site,
                Template.fill(rules.columns().identifiers().staffBarcode(), id),
                Template.fill(rules.columns().identifiers().staffDistrictId(), id),
                new Candidate.Values(
                        new Candidate.Name(names.last(), names.first(), names.middle()),
                        "Faculty",
                        active ? "A" : "I",
                        Names.gender(cells),
                        new Candidate.School("", "", "", ""),
                        rules.columns().userNameFromLogin() ? cells.text("NID") : "",
                        cells.text("EM")));
    }

    List<Candidate> candidates() {
        candidates.sort(Comparator.comparingInt(Candidate::id));
        return candidates;
    }

    List<String> withoutSchool() {
        return withoutSchool;
    }
}
