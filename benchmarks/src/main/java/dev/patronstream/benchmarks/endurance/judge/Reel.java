package dev.patronstream.benchmarks.endurance.judge;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a reader who followed a topic from its first record has seen, in order, with the places where the topic lost
 * records. Immutable.
 *
 * @param <T> what a record is
 */
record Reel<T>(List<Item<T>> items) {

    Reel {
        items = List.copyOf(items);
    }

    /** A record, or that records were lost. */
    sealed interface Item<T> {}

    /**
     * A record.
     *
     * @param at when the broker took it
     */
    record Seen<T>(long offset, Instant at, T value) implements Item<T> {}

    /**
     * Records were lost.
     *
     * @param back when the topic could be read again; {@link Instant#MAX} if it never could
     * @param from the first offset that is gone; what was below stays
     * @param all whether the topic is gone with all its records, and begins again; {@code from} is how far it was read
     */
    record Damage<T>(Instant at, Instant back, long from, boolean all) implements Item<T> {

        /** A loss in a topic that could be read all the time. */
        Damage(Instant at, long from, boolean all) {
            this(at, at, from, all);
        }

        Damage<T> withBack(Instant answered) {
            return new Damage<>(at, answered, from, all);
        }

        /** Whether an offset is gone, if it was there. */
        boolean took(long offset) {
            return all || offset >= from;
        }
    }

    /** Returns a reel of records that lost none, at offsets 0, 1, 2, ... */
    static <T> Reel<T> of(List<T> records) {
        List<Item<T>> items = new ArrayList<>();
        records.forEach(record -> items.add(new Seen<>(items.size(), Instant.EPOCH, record)));
        return new Reel<>(items);
    }

    /** Every record that was ever seen. */
    List<Seen<T>> seen() {
        List<Seen<T>> all = new ArrayList<>();
        for (Item<T> item : items) {
            if (item instanceof Seen<T> seen) {
                all.add(seen);
            }
        }
        return all;
    }

    /** What every record said that was ever seen. */
    List<T> values() {
        return seen().stream().map(Seen::value).toList();
    }

    /** The records that are in the topic at the end. */
    List<Seen<T>> left() {
        List<Seen<T>> left = new ArrayList<>();
        for (Item<T> item : items) {
            if (item instanceof Seen<T> seen) {
                left.add(seen);
            } else if (item instanceof Damage<T> damage) {
                left.removeIf(seen -> damage.took(seen.offset()));
            }
        }
        return left;
    }

    /** The records that are in the topic, of those before the first loss after a time. */
    Set<T> left(Instant time) {
        int end = damageAfter(time).map(items::indexOf).orElse(items.size());
        Set<T> left = new HashSet<>();
        new Reel<>(items.subList(0, end)).left().forEach(seen -> left.add(seen.value()));
        return left;
    }

    List<Damage<T>> damages() {
        List<Damage<T>> damages = new ArrayList<>();
        for (Item<T> item : items) {
            if (item instanceof Damage<T> damage) {
                damages.add(damage);
            }
        }
        return damages;
    }

    /** The first loss after a time. */
    Optional<Damage<T>> damageAfter(Instant time) {
        return damages().stream().filter(damage -> damage.at().isAfter(time)).findFirst();
    }
}
