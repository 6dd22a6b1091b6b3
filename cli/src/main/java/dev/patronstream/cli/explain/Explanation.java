package dev.patronstream.cli.explain;

import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.Source;
import dev.patronstream.snapshotter.layout.RowExplanation;
import dev.patronstream.snapshotter.ledger.HeldPatrons;
import dev.patronstream.snapshotter.ledger.Receipts;
import dev.patronstream.snapshotter.rules.Problem;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Says of one person in one feed why in or out, which enrollment won by which step, what each column became from where,
 * which rules fired, and which delivery last carried the person. Holds private values: for the screen of the person who
 * asks, never for a log.
 *
 * @param feed name of the feed
 * @param rows the rows of the person
 * @param state how the person stands to the feed by the newest rows; empty when there are none any more
 * @param inCut whether the cut of the feed holds the person
 * @param inFile what the next file has of the person
 * @param delivered the row last delivered; empty when the vendor was never sent the person, or has forgotten
 * @param receipts the feed's receipts, the oldest first
 * @param zone the district's clock
 */
record Explanation(
        String feed,
        PersonRows rows,
        Optional<PersonState> state,
        boolean inCut,
        InFile inFile,
        Optional<DeliveredRow> delivered,
        List<Delivery> receipts,
        ZoneId zone) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    /** Returns whether in the feed, whether in the file, and the last delivery. */
    List<String> inShort() {
        // The row itself is told in the lines.
        String file = inFile.answer().replaceFirst("; it would be$", "");
        List<String> lines = new ArrayList<>(List.of(inFeed(), "In the file: " + file));
        addDelivered(lines);
        return lines;
    }

    private String inFeed() {
        return "In the feed: " + (isIn() ? "yes" : "no") + ", "
                + state.map(PersonState::reason)
                        .orElse((rows.kind() == PatronKind.STAFF ? "STF" : "STU")
                                + " has no row of this ID any more that is not deleted (DEL = 1)");
    }

    private boolean isIn() {
        return state.filter(PersonState::isIn).isPresent();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(Keys.person(rows.kind(), rows.id()) + " in the feed " + feed);
        lines.add("");
        boolean isIn = isIn();
        lines.add(inFeed());
        if (isIn != inCut) {
            lines.add("  The streams application has not applied the newest change of this person yet: the feed's topic"
                    + (inCut ? " still holds the person" : " does not hold the person yet"));
        }
        lines.add("");
        state.ifPresent(newest -> {
            lines.addAll(rows.kind() == PatronKind.STAFF ? staffLines(newest) : enrollmentLines(newest));
            lines.add("");
        });
        lines.add("In the file: " + inFile.answer());
        inFile.row().ifPresent(made -> addRow(made, lines));
        lines.add("");
        addDelivered(lines);
        return lines;
    }

    private List<String> enrollmentLines(PersonState newest) {
        List<String> lines = new ArrayList<>();
        lines.add("Enrollments, in the order of the primary choice");
        List<Affiliation> ties = new ArrayList<>(List.of(newest.patron().getPrimary()));
        ties.addAll(newest.patron().getOthers());
        for (int i = 0; i < ties.size(); i++) {
            Enrollment row = newest.order().get(i);
            Affiliation tie = ties.get(i);
            lines.add("  %d  STU %-9s  %s"
                    .formatted(
                            i + 1,
                            Keys.enrollment(row.getSchoolCode(), row.getStudentNumber()),
                            tie.getSchoolName().orElse("school " + row.getSchoolCode()) + ", "
                                    + AvroJson.word(tie.getStatus())
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
                lines.add("     after " + i + ": " + newest.whyAfter(i));
            }
        }
        return lines;
    }

    private List<String> staffLines(PersonState newest) {
        Affiliation tie = newest.patron().getPrimary();
        return List.of(
                "Row",
                "     STF " + rows.id() + "  "
                        + tie.getSchoolCode()
                                .map(code -> tie.getSchoolName().orElse("school " + code))
                                .orElse("no school")
                        + ", " + AvroJson.word(tie.getStatus())
                        + tie.getStatusTag().map(tag -> " (tag " + tag + ")").orElse("")
                        + tie.getLeaveDate()
                                .map(LocalDate::toString)
                                .map(date -> ", leaves " + date)
                                .orElse("")
                        + "; " + seen(rows.staffMember().orElseThrow().getSource()));
    }

    private String seen(Source source) {
        return switch (source.getPhase()) {
            case SNAPSHOT -> "read " + time(source.getCommittedAt(), zone);
            case STREAM -> "changed " + time(source.getCommittedAt(), zone);
        };
    }

    private static void addRow(RowExplanation made, List<String> lines) {
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
        Optional<RowExplanation> row = inFile.row().filter(RowExplanation::sent);
        if (delivered.isEmpty() || row.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> before = delivered.get().getValues();
        return Optional.of(row.get().values().stream()
                .filter(value -> !value.text().equals(before.getOrDefault(value.header(), "")))
                .map(RowExplanation.Value::header)
                .toList());
    }

    private void addDelivered(List<String> lines) {
        if (delivered.isEmpty()) {
            lines.add("Never delivered: the vendor holds nothing of this person from us");
            return;
        }
        DeliveredRow held = delivered.get();
        Optional<Delivery> last = lastThatArrived(goneSince(held));
        lines.add("Last carried by " + last.map(Delivery::getId).orElse(held.getDeliveryId()) + " ("
                + time(last.map(Delivery::getStartedAt).orElse(held.getDeliveredAt()), zone) + "), site "
                + held.getSite() + ", status " + held.getStatus() + ", in this form since " + held.getDeliveryId());
        held.getLeftAt()
                .ifPresent(at -> lines.add("Has left the file; had no row of its own any more at " + time(at, zone)));
        Optional<List<String>> changedByNext = changedByNext();
        changedByNext
                .filter(columns -> !columns.isEmpty())
                .ifPresent(columns -> lines.add("The next delivery changes: " + String.join(", ", columns)));
        changedByNext.filter(List::isEmpty).ifPresent(same -> lines.add("The vendor holds just this row"));
    }

    /** Since when the files have not had the person: who left is in them as long as the status says so. */
    private static Optional<Instant> goneSince(DeliveredRow held) {
        boolean sentAsInactive = held.getStatus().equals(HeldPatrons.INACTIVE);
        return held.getLeftAt().filter(at -> !sentAsInactive);
    }

    private Optional<Delivery> lastThatArrived(Optional<Instant> before) {
        return receipts.stream()
                .filter(receipt -> Receipts.hasArrived(receipt.getResult()))
                .filter(receipt ->
                        before.map(at -> receipt.getStartedAt().isBefore(at)).orElse(true))
                .reduce((one, later) -> later);
    }

    static String time(Instant instant, ZoneId zone) {
        return TIME.format(instant.atZone(zone)) + " " + zone.getId();
    }
}
