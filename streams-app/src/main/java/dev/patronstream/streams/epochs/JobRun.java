package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Progress;
import dev.patronstream.streams.people.Person;
import dev.patronstream.streams.people.Stamp;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;

/**
 * Takes a step in pieces: folds the rows of its epoch in, and evaluates the persons they concern. What is left of it after
 * a crash is all in the job and the stores.
 */
final class JobRun {

    private static final Bytes FIRST_PERSON = Bytes.wrap(new byte[1]);
    private static final byte[] MARK = new byte[0];

    private final Stores stores;
    private final boolean newDate;
    private Job job;
    private long done;
    private long total;
    private boolean isOver;

    /** @param newDate whether the epoch has another business date than the one before it */
    JobRun(Stores stores, Job job, boolean newDate) {
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
            total = job.everybody() ? stores.rows().size() : stores.dirty().approximateNumEntries();
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
            stores.rows().fold(row, affected, renamed::add);
            stores.inbox().remove(row);
        }
        if (!job.everybody()) {
            renamed.forEach(school -> stores.rows().membersOf(school, affected));
        }
        if (rows.size() < most) {
            if (newDate && !job.everybody()) {
                stores.rows().staffWithLeaveDate(affected);
            }
            job = job.evaluating();
            measure();
        } else {
            done += rows.size();
        }
        return rows.size() + units[0];
    }

    private int evaluate(int most) {
        Progress epoch = job.epoch().progress();
        Stamp stamp = Stamp.of(epoch);
        List<Person> persons = job.everybody()
                ? stores.everybody(job.last().map(StoreKeys::after).orElse(FIRST_PERSON), most)
                : List.copyOf(StoreKeys.persons(stores.dirty(), StoreKeys.NONE, FIRST_PERSON, most));
        for (Person person : persons) {
            stores.evaluation().evaluate(person, epoch.getBusinessDate(), stamp);
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
}
