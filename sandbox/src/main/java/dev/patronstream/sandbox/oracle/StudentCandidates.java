package dev.patronstream.sandbox.oracle;

import java.text.Normalizer;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The students who belong into a feed, each by the primary one of their enrollments. */
final class StudentCandidates {

    private static final List<String> RANK = List.of("active", "pre-enrolled", "inactive");
    private static final LocalDate NEVER = LocalDate.MIN;

    private final FeedRules rules;
    private final Map<Integer, Enrollment> primary = new TreeMap<>();
    private final Map<Integer, Set<Person>> people = new HashMap<>();

    StudentCandidates(FeedRules rules) {
        this.rules = rules;
    }

    private record Enrollment(
            int school,
            int number,
            String status,
            String program,
            LocalDate entered,
            Person person,
            Candidate candidate) {}

    /** The total order of the enrollments of one student. The schools of the feed come first: others are never read. */
    private Comparator<Enrollment> order() {
        return Comparator.<Enrollment>comparingInt(row -> RANK.indexOf(row.status()))
                .thenComparing(row -> rules.enrollments().concurrentPrograms().contains(row.program()))
                .thenComparing(row -> rules.enrollments().neverPrimary().contains(row.school()))
                .thenComparingInt(row -> {
                    int place = rules.enrollments().schoolOrder().indexOf(row.school());
                    return place < 0 ? Integer.MAX_VALUE : place;
                })
                .thenComparing(Enrollment::entered, Comparator.reverseOrder())
                .thenComparingInt(Enrollment::school)
                .thenComparingInt(Enrollment::number);
    }

    void add(Map<String, @Nullable Object> row) {
        Cells cells = new Cells(row);
        int school = cells.number("SC").orElseThrow();
        if (!cells.isDeleted()) {
            people.computeIfAbsent(cells.number("ID").orElseThrow(), id -> new HashSet<>(2))
                    .add(Person.of(cells));
        }
        if (cells.isDeleted() || !rules.people().primaryAmong().contains(school)) {
            return;
        }
        Enrollment enrollment = enrollment(cells, school);
        primary.merge(
                cells.number("ID").orElseThrow(),
                enrollment,
                (one, other) -> order().compare(one, other) <= 0 ? one : other);
    }

    /** The names by which two rows of one ID are told apart; birth dates are not captured. */
    private record Person(String last, String first) {

        private static final Pattern NEITHER_LETTER_NOR_DIGIT = Pattern.compile("[^\\p{L}\\p{Nd}]");

        static Person of(Cells cells) {
            return new Person(plain(cells.text("LN")), plain(cells.text("FN")));
        }

        private static String plain(String name) {
            String lower = Normalizer.normalize(name, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
            return NEITHER_LETTER_NOR_DIGIT.matcher(lower).replaceAll("");
        }

        boolean isUnlike(Person other) {
            return isUnlike(last, other.last) && isUnlike(first, other.first);
        }

        private static boolean isUnlike(String one, String other) {
            return !one.startsWith(other) && !other.startsWith(one);
        }
    }

    /** Whether one of the rows with the ID is somebody else's. */
    boolean isTwoPeople(Candidate student) {
        Enrollment chosen = primary.get(student.id());
        return people.get(student.id()).stream().anyMatch(chosen.person()::isUnlike);
    }

    List<Candidate> candidates() {
        return primary.values().stream()
                .filter(row -> rules.people().schools().contains(row.school()))
                .filter(row -> rules.people().statuses().contains(row.status()))
                .map(Enrollment::candidate)
                .toList();
    }

    private Enrollment enrollment(Cells cells, int school) {
        String status = rules.enrollments().statusByTag().getOrDefault(cells.text("TG"), "inactive");
        int id = cells.number("ID").orElseThrow();
        Names names = Names.of(cells, rules.columns().preferredNames());
        Candidate candidate = new Candidate(
                "student/" + id,
                false,
                id,
                rules.people().sites().getOrDefault(school, ""),
                Template.fill(rules.columns().identifiers().studentBarcode(), id),
                Template.fill(rules.columns().identifiers().studentDistrictId(), id),
                new Candidate.Values(
                        new Candidate.Name(names.last(), names.first(), names.middle()),
                        "Student",
                        status.equals("inactive") ? "I" : "A",
                        Names.gender(cells),
                        new Candidate.School(
                                rules.columns().homeroomSchools().contains(school)
                                        ? cells.number("CU")
                                                .map(String::valueOf)
                                                .orElse("")
                                        : "",
                                cells.number("GR").map(this::gradeText).orElse(""),
                                "F",
                                graduationYear(cells, status)),
                        rules.columns().userNameFromLogin() ? cells.text("NID") : "",
                        cells.text("SEM")));
        return new Enrollment(
                school,
                cells.number("SN").orElseThrow(),
                status,
                cells.text("SP"),
                cells.date("ED").orElse(NEVER),
                Person.of(cells),
                candidate);
    }

    /** Aeries has grades -2 to 18; what another number means nobody knows. */
    private String gradeText(int grade) {
        if (!rules.columns().gradeTexts().containsKey(grade) && (grade < -2 || grade > 18)) {
            return "";
        }
        return rules.columns().gradeTexts().getOrDefault(grade, String.valueOf(grade));
    }

    /** The school year ends in the year after it began; who is pre-enrolled begins a year later, in the next grade. */
    private String graduationYear(Cells cells, String status) {
        boolean nextYear = status.equals("pre-enrolled");
        int yearEnds = rules.schoolYear() + 1 + (nextYear ? 1 : 0);
        Optional<Integer> grade = cells.number(nextYear ? "NG" : "GR");
        return grade.filter(g -> g >= -1 && g <= 12)
                .map(g -> String.valueOf(yearEnds + 12 - g))
                .orElse("");
    }
}
