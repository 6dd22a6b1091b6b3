package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.people.Person;
import dev.patronstream.streams.people.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Takes a step in pieces: folds the rows of its epoch in, and evaluates the persons they concern. What is left of it after
 * a crash is all in the job and the stores.
 */
final class JobRun {

    private static final Bytes FIRST_PERSON = Bytes.wrap(new byte[1]);
    private static final byte[] MARK = new byte[0];

    private final Topics topics;
    private final Stores stores;
    private final boolean newDate;
    private Job job;
    private long done;
    private long total;
    private boolean isOver;

    /** @param newDate whether the epoch has another business date than the one before it */
    JobRun(Topics topics, Stores stores, Job job, boolean newDate) {
        this.topics = topics;
        this.stores = stores;
        this.job = job;
        this.newDate = newDate;
        measure();
    }

    /** The step as far as it has come. */
    Job job() {
        return job;
    }

    long done() {
        return done;
    }

    long total() {
        return Math.max(done, total);
    }

    /** Whether everybody whom it concerns has been evaluated. */
    boolean isOver() {
        return isOver;
    }

    /** Does a piece of so many rows or persons at most; returns how many it did. */
    int advance(int most) {
        return job.phase() == Job.Phase.FOLDING ? fold(most) : evaluate(most);
    }

    /** How much there is to do, for people who wait: about, since a store only knows about how much it holds. */
    private void measure() {
        done = 0;
        if (job.phase() == Job.Phase.FOLDING) {
            total = job.everybody()
                    ? stores.inbox().size()
                    : job.epoch().progress().getRows();
        } else {
            total = job.everybody() ? stores.persons().size() : stores.dirty().approximateNumEntries();
        }
    }

    private int fold(int most) {
        Progress epoch = job.epoch().progress();
        int[] units = {0};
        Consumer<Person> affected = job.everybody()
                ? person -> {}
                : person -> {
                    stores.dirty().putIfAbsent(StoreKeys.person(person), MARK);
                    units[0]++;
                };
        List<Inbox.Row> rows = stores.inbox().rows(epoch, most);
        Set<Integer> renamed = new TreeSet<>();
        for (Inbox.Row row : rows) {
            fold(row, affected, renamed::add);
            stores.inbox().remove(row);
        }
        if (!job.everybody()) {
            renamed.forEach(school -> stores.persons().membersOf(school, affected));
        }
        if (rows.size() < most) {
            if (newDate && !job.everybody()) {
                stores.persons().staffWithLeaveDate(affected);
            }
            job = job.evaluating();
            measure();
        } else {
            done += rows.size();
        }
        return rows.size() + units[0];
    }

    /** Takes a row over, and names the persons it concerns, or the school if it is everybody there. */
    private void fold(Inbox.Row row, Consumer<Person> affected, IntConsumer renamed) {
        if (row.topic().equals(topics.enrollments())) {
            stores.persons().foldEnrollment(row, affected);
        } else if (row.topic().equals(topics.staff())) {
            stores.persons().foldStaffMember(row, affected);
        } else if (row.topic().equals(topics.schools())) {
            stores.schools().fold(row).ifPresent(renamed);
        } else {
            stores.teachers().orElseThrow().fold(row).ifPresent(renamed);
        }
    }

    private int evaluate(int most) {
        Progress epoch = job.epoch().progress();
        Stamp stamp = Stamp.of(epoch);
        List<Person> persons = job.everybody() ? everybody(most) : changed(most);
        for (Person person : persons) {
            stores.evaluation().evaluate(person, epoch.getBusinessDate(), stamp, this::takeBackAnnouncement);
            Bytes key = StoreKeys.person(person);
            if (!job.everybody() || stores.dirty().get(key) != null) {
                stores.dirty().delete(key);
            }
        }
        done += persons.size();
        if (persons.size() < most) {
            isOver = true;
        } else {
            job = job.after(persons.get(persons.size() - 1));
        }
        return persons.size();
    }

    private List<Person> changed(int most) {
        List<Person> persons = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> dirty =
                stores.dirty().range(FIRST_PERSON, StoreKeys.last(Bytes.wrap(new byte[0])))) {
            while (dirty.hasNext() && persons.size() < most) {
                persons.add(StoreKeys.person(dirty.next().key, 0));
            }
        }
        return persons;
    }

    private List<Person> everybody(int most) {
        Bytes from = job.last().map(StoreKeys::after).orElse(FIRST_PERSON);
        List<Person> persons = new ArrayList<>();
        try (PersonIterator all = stores.everybodyFrom(from)) {
            while (all.hasNext() && persons.size() < most) {
                persons.add(all.next());
            }
        }
        return persons;
    }

    /**
     * A new evaluation of an epoch that has been announced: while it goes on, the outputs are the state of no epoch. So
     * the announcement is taken back before the first record that differs.
     */
    private void takeBackAnnouncement() {
        long epoch = job.epoch().progress().getEpoch();
        if (stores.ledger().announced().orElse(Long.MIN_VALUE) == epoch) {
            stores.announce(null, Stamp.of(job.epoch().progress()));
            stores.ledger().announcedNone();
        }
    }
}
