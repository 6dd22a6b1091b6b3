package dev.patronstream.cli.explain;

import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.Conditions;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.streams.people.Membership;
import dev.patronstream.streams.people.Patrons;
import dev.patronstream.streams.people.PrimaryOrder;
import dev.patronstream.streams.people.PrimaryStep;
import dev.patronstream.streams.people.Stamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How a person stands to a feed, worked out from the rows by the same rules as in the streams application: the enrollments
 * in order, the step that put each behind the first, and what lets the person in or keeps them out.
 *
 * @param selection whom the feed holds
 * @param patron the person with the primary enrollment that the feed chooses
 * @param membership whether the person is in the feed
 * @param order the enrollments, the primary one first; empty for staff
 * @param steps for each enrollment after the first, the step that put it there
 */
record PersonState(
        FeedSelection selection,
        Patron patron,
        Membership membership,
        List<Enrollment> order,
        List<Optional<PrimaryStep>> steps) {

    static PersonState of(PersonRows rows, FeedSelection selection, LocalDate businessDate, Patrons.Names schools) {
        Patrons patrons = new Patrons(schools);
        Stamp stamp = new Stamp(0, "", "", Instant.EPOCH);
        if (rows.kind() == PatronKind.STAFF) {
            Patron patron = patrons.staffMember(rows.staffMember().orElseThrow(), businessDate, stamp);
            return new PersonState(selection, patron, Patrons.membership(selection, patron), List.of(), List.of());
        }
        PrimaryOrder chosenBy = PrimaryOrder.ofFeed(selection);
        List<Enrollment> order = rows.enrollments().stream().sorted(chosenBy).toList();
        List<Optional<PrimaryStep>> steps = new ArrayList<>();
        for (int i = 1; i < order.size(); i++) {
            steps.add(chosenBy.decidingStep(order.get(i - 1), order.get(i)));
        }
        Patron patron = patrons.student(order, chosenBy, stamp);
        return new PersonState(selection, patron, Patrons.membership(selection, patron), order, steps);
    }

    boolean isIn() {
        return membership == Membership.IN;
    }

    /** Says in one sentence what lets the person in or keeps them out. */
    String reason() {
        Affiliation primary = patron.getPrimary();
        boolean staff = patron.getKind() == PatronKind.STAFF;
        String school = primary.getSchoolCode()
                .map(code -> "school " + code
                        + primary.getSchoolName().map(name -> " (" + name + ")").orElse(""))
                .orElse("no school");
        String tie = "the "
                + (staff ? "primary school is " : order.size() > 1 ? "primary enrollment is at " : "enrollment is at ");
        return switch (membership) {
            case IN ->
                primary.getSchoolCode().isEmpty()
                        ? "staff of no school (STF.PSC 0) are in every feed that takes staff, and " + statusWords()
                        : tie + school + ", which the feed takes, and " + statusWords();
            case OTHER_KIND -> "the feed does not take " + (staff ? "staff" : "students");
            case OTHER_SCHOOL -> tie + school + ", and the feed takes only " + new TreeSet<>(selection.schools());
            case EXCLUDED -> {
                Conditions.Objection objection =
                        selection.conditions().against(patron.getKind(), patron).orElseThrow();
                yield "the feed has " + objection.words() + ", and "
                        + objection.condition().key() + " is "
                        + objection.condition().shown(patron.getKind(), patron)
                        + (order.size() > 1 ? " in the primary enrollment, at " + school : "");
            }
            case OTHER_STATUS ->
                statusWords() + ", and the feed takes only "
                        + selection.statuses().stream()
                                .sorted()
                                .map(AvroJson::word)
                                .collect(Collectors.joining(", "));
        };
    }

    private String statusWords() {
        Affiliation primary = patron.getPrimary();
        String status = "the status there is " + AvroJson.word(primary.getStatus());
        if (patron.getKind() == PatronKind.STUDENT) {
            return status + " (STU.TG "
                    + primary.getStatusTag().map(tag -> "'" + tag + "'").orElse("blank") + ")";
        }
        status = "the status is " + AvroJson.word(primary.getStatus());
        if (primary.getStatus() == PatronStatus.ACTIVE) {
            return status;
        }
        return status
                + primary.getStatusTag()
                        .map(tag -> " (STF.TG '" + tag + "')")
                        .orElse(" (STF.LD "
                                + primary.getLeaveDate()
                                        .map(LocalDate::toString)
                                        .orElse("") + " is past)");
    }

    /** Says for the enrollment at a place (from 1 on) why it comes after the one before it. */
    String whyAfter(int place) {
        Enrollment better = order.get(place - 1);
        Enrollment row = order.get(place);
        return steps.get(place - 1)
                .map(step -> switch (step) {
                    case FEED_SCHOOL -> "school " + row.getSchoolCode() + " is not one of the feed's";
                    case CONDITION ->
                        "the feed has "
                                + selection
                                        .conditions()
                                        .against(PatronKind.STUDENT, row)
                                        .map(Conditions.Objection::words)
                                        .orElse("");
                    case STATUS ->
                        AvroJson.word(selection.rules().status(row.getStatusTag())) + " comes after "
                                + AvroJson.word(selection.rules().status(better.getStatusTag()));
                    case CONCURRENT_PROGRAM ->
                        "attendance program " + row.getAttendanceProgram().orElse("") + " is a concurrent one";
                    case NEVER_PRIMARY -> "school " + row.getSchoolCode() + " is in never-primary";
                    case SCHOOL_ORDER ->
                        "school-order has school " + better.getSchoolCode() + " before " + row.getSchoolCode();
                    case ENTER_DATE ->
                        "entered " + row.getEnterDate().map(LocalDate::toString).orElse("on no date") + ", before "
                                + better.getEnterDate().map(LocalDate::toString).orElse("no date");
                    case SCHOOL_CODE -> "all else is equal, and school code " + better.getSchoolCode() + " is lower";
                    case STUDENT_NUMBER ->
                        "all else is equal, and student number " + better.getStudentNumber() + " is lower";
                })
                .orElse("it is the same row");
    }
}
