package dev.patronstream.cli.explain;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Enrolment;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.Source;
import dev.patronstream.snapshotter.layout.Problem;
import dev.patronstream.snapshotter.layout.RowExplanation;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says of one person in one feed why in or out, which enrolment won by which step, what each column became from where,
 * which rules fired, and which delivery last carried the person. Holds private values: for the screen of the person who
 * asks, never for a log.
 *
 * @param standing how the person stands to the feed by the newest rows
 * @param rows the rows themselves
 * @param row what the file makes of the person; empty when the cut does not hold the person
 * @param held what the vendor holds
 * @param zone the district's clock
 */
record Explanation(Standing standing, PersonRows rows, Optional<RowExplanation> row, Held held, ZoneId zone) {

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        String feed = standing.selection().feed();
        lines.add(Keys.person(rows.kind(), rows.id()) + " in the feed " + feed);
        lines.add("");
        lines.add("In the feed: " + (standing.isIn() ? "yes" : "no") + ", " + standing.reason());
        if (standing.isIn() != row.isPresent()) {
            lines.add("  The streams application has not applied the newest change of this person yet: the feed's topic"
                    + (row.isPresent() ? " still holds the person" : " does not hold the person yet"));
        }
        lines.add("");
        lines.addAll(rows.kind() == PatronKind.STAFF ? staffLines() : enrolmentLines());
        lines.add("");
        row.ifPresentOrElse(made -> addRow(made, lines), () -> lines.add("In the file: no, since not in the feed"));
        lines.add("");
        lines.addAll(held.lines(changedByNext(), zone));
        return lines;
    }

    private List<String> enrolmentLines() {
        List<String> lines = new ArrayList<>();
        lines.add("Enrolments, in the order of the primary choice");
        List<Affiliation> ties = new ArrayList<>(List.of(standing.patron().getPrimary()));
        ties.addAll(standing.patron().getOthers());
        for (int i = 0; i < ties.size(); i++) {
            Enrolment row = standing.order().get(i);
            Affiliation tie = ties.get(i);
            lines.add("  %d  STU %-9s  %s"
                    .formatted(
                            i + 1,
                            Keys.enrolment(row.getSchoolCode(), row.getStudentNumber()),
                            tie.getSchoolName().orElse("school " + row.getSchoolCode()) + ", "
                                    + Standing.word(tie.getStatus())
                                    + tie.getStatusTag()
                                            .map(tag -> " (tag " + tag + ")")
                                            .orElse("")
                                    + row.getEnterDate()
                                            .map(date -> ", entered " + date)
                                            .orElse("")
                                    + row.getAttendanceProgram()
                                            .map(program -> ", program " + program)
                                            .orElse("")
                                    + "; " + seen(row.getSource())));
            if (i > 0) {
                lines.add("     after " + i + ": " + standing.whyAfter(i));
            }
        }
        return lines;
    }

    private List<String> staffLines() {
        Affiliation tie = standing.patron().getPrimary();
        return List.of(
                "Row",
                "     STF " + rows.id() + "  "
                        + tie.getSchoolCode()
                                .map(code -> tie.getSchoolName().orElse("school " + code))
                                .orElse("no school")
                        + ", " + Standing.word(tie.getStatus())
                        + tie.getStatusTag().map(tag -> " (tag " + tag + ")").orElse("")
                        + tie.getLeaveDate()
                                .map(LocalDate::toString)
                                .map(date -> ", leaves " + date)
                                .orElse("")
                        + "; " + seen(rows.staffMember().orElseThrow().getSource()));
    }

    private String seen(Source source) {
        return switch (source.getPhase()) {
            case SNAPSHOT -> "read " + Held.time(source.getCommittedAt(), zone);
            case STREAM -> "changed " + Held.time(source.getCommittedAt(), zone);
        };
    }

    private static void addRow(RowExplanation made, List<String> lines) {
        lines.add(made.sent() ? "In the file: yes" : "In the file: no, a rule leaves the row out; it would be");
        int width = made.values().stream()
                .mapToInt(value -> value.header().length())
                .max()
                .orElse(0);
        int valueWidth = Math.min(
                42,
                made.values().stream()
                        .mapToInt(value -> value.text().length())
                        .max()
                        .orElse(0));
        for (RowExplanation.Value value : made.values()) {
            lines.add(("  %-" + width + "s  %-" + Math.max(1, valueWidth) + "s  %s")
                    .formatted(value.header(), value.text().isEmpty() ? "-" : value.text(), value.source()));
        }
        lines.add("");
        lines.add(made.problems().isEmpty() ? "Rules: none fired" : "Rules that fired");
        for (Problem problem : made.problems()) {
            List<String> others = made.sharedWith().getOrDefault(problem.field(), List.of());
            lines.add("  " + problem.rule().id() + " (" + problem.field() + "): " + problem.done()
                    + (others.isEmpty() ? "" : "; shared with " + String.join(", ", others)));
        }
    }

    /** The columns in which the row differs from the one the vendor holds; empty when there is none to compare. */
    private Optional<List<String>> changedByNext() {
        if (held.row().isEmpty() || row.isEmpty() || !row.get().sent()) {
            return Optional.empty();
        }
        Map<String, String> before = held.row().get().getValues();
        return Optional.of(row.get().values().stream()
                .filter(value -> !value.text().equals(before.getOrDefault(value.header(), "")))
                .map(RowExplanation.Value::header)
                .toList());
    }
}
