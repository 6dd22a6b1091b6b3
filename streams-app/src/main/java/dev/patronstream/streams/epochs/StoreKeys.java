package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.streams.people.Person;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keys of the state stores. They are binary and their order as bytes is the order wanted: persons by kind and number,
 * offsets by topic and number. Never change what is here: state that exists is written this way.
 */
public final class StoreKeys {

    /** No prefix: the keys begin with the person. */
    static final Bytes NONE = Bytes.wrap(new byte[0]);

    /** A key before that of any person. */
    static final Bytes FIRST_PERSON = Bytes.wrap(new byte[1]);

    private static final int PERSON_BYTES = 1 + Integer.BYTES;

    private static final int HIGHEST_BYTE = 0xff;

    private static final byte COUNSELED = 2;

    private StoreKeys() {}

    /** A person; also the prefix of the person's rows. */
    static Bytes person(Person person) {
        return bytes(putPerson(ByteBuffer.allocate(PERSON_BYTES), person));
    }

    /** One row of a person. */
    static Bytes row(Person person, int school, int number) {
        ByteBuffer key = putPerson(ByteBuffer.allocate(PERSON_BYTES + 2 * Integer.BYTES), person);
        return bytes(key.putInt(ordered(school)).putInt(ordered(number)));
    }

    /** A row as a member of a school. Number is the student number, for staff the staff ID. */
    static Bytes member(int school, PatronKind kind, int number) {
        return bytes(ByteBuffer.allocate(Integer.BYTES + 1 + Integer.BYTES)
                .putInt(ordered(school))
                .put(code(kind))
                .putInt(ordered(number)));
    }

    /** A student of a counselor, among the members of schools: no kind of a member has this code. */
    static Bytes ofCounselor(int staffId, int studentId) {
        return bytes(ByteBuffer.allocate(Integer.BYTES + 1 + Integer.BYTES)
                .putInt(ordered(staffId))
                .put(COUNSELED)
                .putInt(ordered(studentId)));
    }

    /** A school; also the prefix of the keys of its members. */
    static Bytes school(int code) {
        return bytes(ByteBuffer.allocate(Integer.BYTES).putInt(ordered(code)));
    }

    /**
     * A row of a joined table, in the store of the schools: longer than the key of a school, and never looked through. It
     * ends with the table's place; not so for TCH, whose rows were stored when it was the only one.
     */
    @SuppressWarnings("EnumOrdinal") // The order of the tables is fixed, as JoinedTable says.
    static Bytes joined(JoinedTable table, String key) {
        String[] numbers = key.split("/");
        boolean isFirst = table == JoinedTable.TCH;
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Integer.BYTES + (isFirst ? 0 : 1));
        for (String number : numbers) {
            bytes.putInt(ordered(Integer.parseInt(number)));
        }
        return bytes(isFirst ? bytes : bytes.put((byte) table.ordinal()));
    }

    /** A record that waits: the topic's place, then the offset. */
    static Bytes waiting(byte topic, long offset) {
        return bytes(ByteBuffer.allocate(1 + Long.BYTES).put(topic).putLong(offset));
    }

    /** What was last written of a person to one output. */
    public static Bytes written(Bytes output, Person person) {
        ByteBuffer key = ByteBuffer.allocate(output.get().length + PERSON_BYTES).put(output.get());
        return bytes(putPerson(key, person));
    }

    /** The prefix of everything written to one output. A zero byte ends the name: no name is another's prefix. */
    public static Bytes output(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(Arrays.copyOf(text, text.length + 1));
    }

    static long offset(Bytes waiting) {
        return ByteBuffer.wrap(waiting.get()).getLong(1);
    }

    /** The person that stands in a key from this byte on. */
    private static Person person(Bytes key, int from) {
        ByteBuffer bytes = ByteBuffer.wrap(key.get(), from, PERSON_BYTES);
        return new Person(kind(bytes.get()), bytes.getInt() ^ Integer.MIN_VALUE);
    }

    /** The highest key that begins with the prefix; no key is longer than the row of a person. */
    public static Bytes last(Bytes prefix) {
        byte[] key = Arrays.copyOf(prefix.get(), prefix.get().length + 2 * Long.BYTES);
        Arrays.fill(key, prefix.get().length, key.length, (byte) HIGHEST_BYTE);
        return Bytes.wrap(key);
    }

    /**
     * Returns the first persons in a store whose keys begin with a prefix and go on with the person.
     *
     * @param from where the first person's key begins, or a key before it
     * @param most at most so many
     */
    static Set<Person> persons(KeyValueStore<Bytes, byte[]> store, Bytes prefix, Bytes from, int most) {
        byte[] start = Arrays.copyOf(prefix.get(), prefix.get().length + from.get().length);
        System.arraycopy(from.get(), 0, start, prefix.get().length, from.get().length);
        Set<Person> persons = new TreeSet<>();
        try (KeyValueIterator<Bytes, byte[]> keys = store.range(Bytes.wrap(start), last(prefix))) {
            while (keys.hasNext() && persons.size() < most) {
                persons.add(person(keys.next().key, prefix.get().length));
            }
        }
        return persons;
    }

    private static ByteBuffer putPerson(ByteBuffer key, Person person) {
        return key.put(code(person.kind())).putInt(ordered(person.id()));
    }

    /** Students come before staff. Written out: what is in the stores must not change with the enum. */
    private static byte code(PatronKind kind) {
        return switch (kind) {
            case STUDENT -> 0;
            case STAFF -> 1;
        };
    }

    static PatronKind kind(byte code) {
        return switch (code) {
            case 0 -> PatronKind.STUDENT;
            case 1 -> PatronKind.STAFF;
            default ->
                throw new IllegalStateException("A state store holds a key of an unknown kind of person: " + code);
        };
    }

    /** Bytes are compared without sign. This brings negative numbers before positive ones. */
    private static int ordered(int number) {
        return number ^ Integer.MIN_VALUE;
    }

    private static Bytes bytes(ByteBuffer key) {
        byte[] bytes = new byte[key.flip().remaining()];
        key.get(bytes);
        return Bytes.wrap(bytes);
    }
}
