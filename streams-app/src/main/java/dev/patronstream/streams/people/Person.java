package dev.patronstream.streams.people;

import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import java.util.Comparator;

/**
 * Who a patron is: students and staff are numbered apart. Students come first, then staff, each by number; everything
 * that goes through all persons goes through them in this order.
 *
 * @param kind student or staff member
 * @param id student ID or staff ID
 */
public record Person(PatronKind kind, int id) implements Comparable<Person> {

    private static final Comparator<Person> ORDER =
            Comparator.comparing(Person::kind).thenComparingInt(Person::id);

    /** The key in the patron table and in the feeds. */
    public String key() {
        return Keys.person(kind, id);
    }

    @Override
    public int compareTo(Person other) {
        return ORDER.compare(this, other);
    }
}
