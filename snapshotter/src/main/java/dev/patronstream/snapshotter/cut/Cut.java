package dev.patronstream.snapshotter.cut;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;

/**
 * What a feed held at the end of one epoch: students first, then staff, each by ID.
 *
 * <p>Keeps the entries as they were sent and reads one at a time, so that a district of half a million patrons fits into
 * a small heap. Immutable; iterators are for one thread each.
 */
public final class Cut implements Iterable<FeedEntry> {

    private final EpochApplied epoch;
    private final long[] persons;
    private final byte[][] entries;
    private final Function<byte[], FeedEntry> reader;

    Cut(EpochApplied epoch, Map<Long, byte[]> entriesByPerson, Function<byte[], FeedEntry> reader) {
        this.epoch = epoch;
        this.reader = reader;
        persons = entriesByPerson.keySet().stream()
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        entries = new byte[persons.length][];
        for (int i = 0; i < persons.length; i++) {
            entries[i] = entriesByPerson.get(persons[i]);
        }
    }

    /** Returns the epoch of the cut, with its watermark, business date and freshness. */
    public EpochApplied epoch() {
        return epoch;
    }

    public int size() {
        return persons.length;
    }

    /** Whether the feed held the person; the number is that of {@link PersonNumber}. */
    public boolean holds(long person) {
        return Arrays.binarySearch(persons, person) >= 0;
    }

    @Override
    public Iterator<FeedEntry> iterator() {
        return Arrays.stream(entries).map(reader).iterator();
    }
}
