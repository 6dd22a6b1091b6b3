package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.streams.people.FeedRule;
import dev.patronstream.streams.people.Patrons;
import dev.patronstream.streams.people.Person;
import dev.patronstream.streams.people.PrimaryOrder;
import dev.patronstream.streams.people.Stamp;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Works out what the patron table and the feeds say of a person, and has them say it. */
final class Evaluation {

    /** A feed's rule and the topic that it fills. */
    record Feed(FeedRule rule, WrittenTopic<FeedEntry> topic) {

        String name() {
            return rule.selection().feed();
        }
    }

    private final SourceRows rows;
    private final Patrons patrons;
    private final PatronRules rules;
    private final PrimaryOrder order;
    private final WrittenTopic<Patron> table;
    private final List<Feed> feeds;

    Evaluation(SourceRows rows, Patrons patrons, PatronRules rules, WrittenTopic<Patron> table, List<Feed> feeds) {
        this.rows = rows;
        this.patrons = patrons;
        this.rules = rules;
        this.order = PrimaryOrder.ofDistrict(rules);
        this.table = table;
        this.feeds = List.copyOf(feeds);
    }

    /** Writes what differs from what was last written of the person. */
    void evaluate(Person person, LocalDate businessDate, Stamp stamp) {
        if (person.kind() == PatronKind.STUDENT) {
            evaluateStudent(person, stamp);
        } else {
            evaluateStaffMember(person, businessDate, stamp);
        }
    }

    private void evaluateStudent(Person person, Stamp stamp) {
        List<Enrollment> enrollments = rows.enrollments(person);
        table.write(person, student(enrollments, order, rules, stamp), stamp);
        for (Feed feed : feeds) {
            FeedRule rule = feed.rule();
            Optional<Patron> asChosen =
                    student(enrollments, rule.order(), rule.selection().rules(), stamp);
            feed.topic().write(person, entry(feed, asChosen), stamp);
        }
    }

    private Optional<Patron> student(List<Enrollment> enrollments, PrimaryOrder chosenBy, PatronRules by, Stamp stamp) {
        return enrollments.isEmpty()
                ? Optional.empty()
                : Optional.of(patrons.student(chosenBy.sorted(enrollments), by, stamp));
    }

    private void evaluateStaffMember(Person person, LocalDate businessDate, Stamp stamp) {
        Optional<StaffMember> row = rows.staffMember(person);
        Optional<Patron> patron = row.map(member -> patrons.staffMember(member, businessDate, stamp));
        table.write(person, patron, stamp);
        feeds.forEach(feed -> feed.topic().write(person, entry(feed, patron), stamp));
    }

    private static Optional<FeedEntry> entry(Feed feed, Optional<Patron> patron) {
        return patron.filter(feed.rule()::holds).map(chosen -> Patrons.entry(feed.name(), chosen));
    }
}
