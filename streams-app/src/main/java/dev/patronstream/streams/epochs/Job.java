package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.streams.epochs.TopologyState.Activity;
import dev.patronstream.streams.people.Person;
import dev.patronstream.streams.people.PrimaryOrder;
import dev.patronstream.streams.people.Stamp;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The step that is being taken: an epoch, or a new evaluation of everybody for the epoch that was applied last. It goes in
 * pieces: folds the rows of the epoch in, and evaluates the persons they concern. What is left of it after a crash is all
 * in its text and the stores.
 */
final class Job {

    private final Stores stores;
    private final WaitingEpoch epoch;
    private final boolean isNew;
    private final boolean everybody;
    private final String rules;
    private Activity phase;
    private Optional<Person> last;
    private long done;
    private long total;
    private boolean isOver;

    /**
     * @param isNew whether the epoch's end waits in the inbox, to be removed at the end
     * @param everybody whether every person is evaluated, or only those whose rows changed
     * @param rules the rules that it evaluates by
     * @param last with everybody: the person evaluated last, if any
     */
    private Job(
            Stores stores,
            WaitingEpoch epoch,
            boolean isNew,
            Activity phase,
            boolean everybody,
            String rules,
            Optional<Person> last) {
        this.stores = stores;
        this.epoch = epoch;
        this.isNew = isNew;
        this.phase = phase;
        this.everybody = everybody;
        this.rules = rules;
        this.last = last;
        measure();
    }

    static Job apply(Stores stores, WaitingEpoch epoch, boolean everybody, String rules) {
        return new Job(stores, epoch, true, Activity.FOLDING, everybody, rules, Optional.empty());
    }

    static Job evaluateAgain(Stores stores, WaitingEpoch applied, String rules) {
        return new Job(stores, applied, false, Activity.EVALUATING, true, rules, Optional.empty());
    }

    /** The rules, or what was written before, are not what they were: everybody is evaluated from the beginning. */
    Job withEverybody(String newRules) {
        return new Job(stores, epoch, isNew, phase, true, newRules, Optional.empty());
    }

    /** Goes on with the step that was not finished when the state was committed, if there is one. */
    static Optional<Job> begun(Stores stores, String rules) {
        return stores.ledger().job().map(text -> {
            String[] parts = text.split(" ", 6);
            Job begun = new Job(
                    stores,
                    stores.ledger().jobEpoch(Long.parseLong(parts[3])),
                    parts[1].equals("new"),
                    Activity.valueOf(parts[0]),
                    parts[2].equals("everybody"),
                    parts[5],
                    parts[4].equals("-") ? Optional.empty() : Optional.of(person(parts[4])));
            return begun.rules.equals(rules) ? begun : begun.withEverybody(rules);
        });
    }

    private static Person person(String text) {
        int colon = text.indexOf(':');
        return new Person(
                PatronKind.valueOf(text.substring(0, colon)), Integer.parseInt(text, colon + 1, text.length(), 10));
    }

    /** What a restart needs, without the epoch's record: one line. */
    String text() {
        return String.join(
                " ",
                phase.name(),
                isNew ? "new" : "again",
                everybody ? "everybody" : "changed",
                Long.toString(epoch.offset()),
                last.map(person -> person.kind() + ":" + person.id()).orElse("-"),
                rules);
    }

    WaitingEpoch epoch() {
        return epoch;
    }

    /** Whether rows go from the inbox into the stores of rows, or persons are evaluated and differences written. */
    Activity phase() {
        return phase;
    }

    long done() {
        return done;
    }

    long total() {
        return Math.max(done, total);
    }

    /** Whether everybody whom it concerns has been evaluated, and the epoch announced. */
    boolean isOver() {
        return isOver;
    }

    /** Does a piece of so many rows or persons at most; returns how many it did. */
    int advance(int most) {
        return phase == Activity.FOLDING ? fold(most) : evaluate(most);
    }

    /** How much there is to do, for people who wait: about, since a store only knows about how much it holds. */
    private void measure() {
        done = 0;
        if (phase == Activity.FOLDING) {
            total = everybody ? stores.inbox().size() : epoch.progress().getRows();
        } else {
            total = everybody ? stores.rows().size() : stores.affected().size();
        }
    }

    private int fold(int most) {
        int[] units = {0};
        Consumer<Person> affected = person -> {
            stores.affected().add(person);
            units[0]++;
        };
        int rows = stores.rows()
                .fold(stores.inbox(), epoch.progress(), most, everybody ? Optional.empty() : Optional.of(affected));
        if (rows < most) {
            if (!everybody && hasNewDate()) {
                stores.rows().staffWithLeaveDate(affected);
            }
            phase = Activity.EVALUATING;
            measure();
        } else {
            done += rows;
        }
        return rows + units[0];
    }

    /** Whether the epoch has another business date than the one before it. */
    private boolean hasNewDate() {
        return stores.ledger()
                .applied()
                .filter(before -> !before.progress()
                        .getBusinessDate()
                        .equals(epoch.progress().getBusinessDate()))
                .isPresent();
    }

    private int evaluate(int most) {
        Stamp stamp = Stamp.of(epoch.progress());
        List<Person> persons =
                everybody ? stores.everybody(last, most) : stores.affected().after(Optional.empty(), most);
        for (Person person : persons) {
            evaluate(person, stamp);
            stores.affected().remove(person);
        }
        done += persons.size();
        if (persons.size() < most) {
            finish();
        } else {
            last = Optional.of(persons.get(persons.size() - 1));
        }
        return persons.size();
    }

    /** Writes what differs from what was last written of the person. */
    private void evaluate(Person person, Stamp stamp) {
        boolean isStudent = person.kind() == PatronKind.STUDENT;
        List<Enrollment> rows = isStudent ? stores.rows().enrollments(person) : List.of();
        Optional<Patron> patron = isStudent
                ? student(rows, stores.districtOrder(), stamp)
                : stores.rows().staffMember(person.id()).map(row -> stores.people()
                        .staffMember(row, epoch.progress().getBusinessDate(), stamp));
        stores.patrons().write(person, patron, stamp);
        for (Stores.Feed feed : stores.feeds()) {
            boolean isAnother = isStudent && !feed.order().choosesLike(stores.districtOrder(), rows);
            Optional<Patron> chosen = isAnother ? student(rows, feed.order(), stamp) : patron;
            feed.topic().write(person, chosen.flatMap(seen -> feed.entries().entry(seen, rows)), stamp);
        }
    }

    private Optional<Patron> student(List<Enrollment> rows, PrimaryOrder order, Stamp stamp) {
        return rows.isEmpty() ? Optional.empty() : Optional.of(stores.people().student(rows, order, stamp));
    }

    private void finish() {
        stores.announce(epoch.progress());
        stores.ledger().applied(epoch);
        stores.ledger().rules(rules);
        stores.ledger().jobDone();
        if (isNew) {
            stores.inbox().remove(epoch);
        }
        isOver = true;
    }
}
