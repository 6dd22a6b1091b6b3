package dev.patronstream.cli.preview;

import dev.patronstream.cli.preview.Movement.After;
import dev.patronstream.cli.preview.Movement.Gone;
import dev.patronstream.cli.preview.Movement.Place;
import dev.patronstream.cli.preview.Movement.There;
import dev.patronstream.connector.asof.CurrentRows;
import dev.patronstream.connector.start.EnrolledStudents;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.streams.people.Membership;
import dev.patronstream.streams.people.Patrons;
import dev.patronstream.streams.people.PrimaryOrder;
import dev.patronstream.streams.people.Stamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Holds a feed against the rows of another database: the same rules choose who is in the feed and at which school, and
 * the movement of every patron is reported to the caller. Writes nothing anywhere. Not thread-safe.
 */
final class FeedPreview {

    private static final Stamp NO_STAMP = new Stamp(0, "", "", Instant.EPOCH);

    private final FeedSelection selection;
    private final PrimaryOrder order;
    private final Patrons patrons = new Patrons(code -> Optional.empty());
    private final Map<String, Place> before = new HashMap<>();
    private final Consumer<Movement> listener;
    private long enrolled;

    /**
     * @param feed the feed's entries now
     * @param listener is notified of every patron who is in the feed now or would be
     */
    FeedPreview(FeedSelection selection, Iterable<FeedEntry> feed, Consumer<Movement> listener) {
        this.selection = selection;
        this.order = PrimaryOrder.ofFeed(selection);
        this.listener = listener;
        feed.forEach(entry -> before.put(Keys.person(entry.getKind(), entry.getId()), place(entry.getPrimary())));
    }

    /**
     * Reads the other database and tells all movements.
     *
     * @param businessDate the day by which staff have left
     */
    void read(CurrentRows rows, LocalDate businessDate) {
        rows.students(this::student);
        rows.staff(row -> settle(patrons.staffMember(row, businessDate, NO_STAMP)));
        before.forEach((person, place) -> listener.accept(new Movement(person, Optional.of(place), Gone.WITHOUT_ROW)));
        before.clear();
    }

    /** Returns how many students of the district are active or pre-enrolled in the other database. */
    long enrolledStudents() {
        return enrolled;
    }

    private void student(List<Enrollment> rows) {
        enrolled += rows.stream().anyMatch(EnrolledStudents::isEnrolled) ? 1 : 0;
        settle(patrons.student(rows, order, NO_STAMP));
    }

    private void settle(Patron patron) {
        String person = Keys.person(patron.getKind(), patron.getId());
        Optional<Place> now = Optional.ofNullable(before.remove(person));
        After after = after(patron);
        if (now.isPresent() || after instanceof There) {
            listener.accept(new Movement(person, now, after));
        }
    }

    private After after(Patron patron) {
        if (Patrons.membership(selection, patron) == Membership.IN) {
            return new There(place(patron.getPrimary()));
        }
        return selection.statuses().contains(patron.getPrimary().getStatus()) ? Gone.OUTSIDE : Gone.INACTIVE;
    }

    private static Place place(Affiliation primary) {
        return new Place(primary.getSchoolCode(), primary.getGrade());
    }
}
