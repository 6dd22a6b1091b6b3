package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.streams.people.Patrons;
import dev.patronstream.streams.people.Person;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The rows of students and staff, kept by person, as they were read. An index by school tells whose row a student number
 * of a school is, and who belongs to a school.
 */
final class PersonRows {

    private final KeyValueStore<Bytes, byte[]> rows;
    private final KeyValueStore<Bytes, byte[]> members;
    private final Deserializer<Enrollment> enrollments;
    private final Deserializer<StaffMember> staff;
    private final String enrollmentTopic;
    private final String staffTopic;

    PersonRows(
            KeyValueStore<Bytes, byte[]> rows,
            KeyValueStore<Bytes, byte[]> members,
            Deserializer<Enrollment> enrollments,
            String enrollmentTopic,
            Deserializer<StaffMember> staff,
            String staffTopic) {
        this.rows = rows;
        this.members = members;
        this.enrollments = enrollments;
        this.enrollmentTopic = enrollmentTopic;
        this.staff = staff;
        this.staffTopic = staffTopic;
    }

    /** Takes over an enrollment, or its end, and names the students it concerns. */
    void foldEnrollment(Inbox.Row row, Consumer<Person> affected) {
        int slash = row.key().indexOf('/');
        int school = row.number(0, slash);
        int studentNumber = row.number(slash + 1, row.key().length());
        Bytes member = StoreKeys.member(school, PatronKind.STUDENT, studentNumber);
        Optional<Person> before = Optional.ofNullable(members.get(member)).map(PersonRows::student);
        if (row.value() == null) {
            before.ifPresent(student -> {
                rows.delete(StoreKeys.row(student, school, studentNumber));
                members.delete(member);
                affected.accept(student);
            });
            return;
        }
        Enrollment enrollment = row.read(enrollments);
        Person student = new Person(PatronKind.STUDENT, enrollment.getStudentId());
        before.filter(other -> !other.equals(student)).ifPresent(other -> {
            rows.delete(StoreKeys.row(other, school, studentNumber));
            affected.accept(other);
        });
        rows.put(StoreKeys.row(student, school, studentNumber), row.value().get());
        if (!before.equals(Optional.of(student))) {
            members.put(member, bytes(student.id()));
        }
        affected.accept(student);
    }

    /** Takes over a staff member, or the end of one, and names who it is. */
    void foldStaffMember(Inbox.Row row, Consumer<Person> affected) {
        int id = row.number(0, row.key().length());
        Person person = new Person(PatronKind.STAFF, id);
        Bytes key = StoreKeys.row(person, 0, 0);
        Optional<Integer> before = Optional.ofNullable(rows.get(key))
                .flatMap(bytes -> Patrons.school(staff.deserialize(staffTopic, bytes)));
        Optional<Integer> now = Optional.empty();
        if (row.value() == null) {
            rows.delete(key);
        } else {
            rows.put(key, row.value().get());
            now = Patrons.school(row.read(staff));
        }
        if (!before.equals(now)) {
            before.ifPresent(school -> members.delete(StoreKeys.member(school, PatronKind.STAFF, id)));
            now.ifPresent(school -> members.put(StoreKeys.member(school, PatronKind.STAFF, id), bytes(id)));
        }
        affected.accept(person);
    }

    /** Returns all enrollments of a student. */
    List<Enrollment> enrollments(Person student) {
        List<Enrollment> all = new ArrayList<>(2);
        Bytes prefix = StoreKeys.person(student);
        try (KeyValueIterator<Bytes, byte[]> found = rows.range(prefix, StoreKeys.last(prefix))) {
            while (found.hasNext()) {
                all.add(enrollments.deserialize(enrollmentTopic, found.next().value));
            }
        }
        return all;
    }

    /** Returns the row of a staff member. */
    Optional<StaffMember> staffMember(Person member) {
        return Optional.ofNullable(rows.get(StoreKeys.row(member, 0, 0)))
                .map(bytes -> staff.deserialize(staffTopic, bytes));
    }

    /** Names everybody who has a row at the school. */
    void membersOf(int school, Consumer<Person> each) {
        Bytes prefix = StoreKeys.school(school);
        int kind = prefix.get().length;
        try (KeyValueIterator<Bytes, byte[]> found = members.range(prefix, StoreKeys.last(prefix))) {
            while (found.hasNext()) {
                var member = found.next();
                each.accept(new Person(
                        StoreKeys.kind(member.key.get()[kind]),
                        ByteBuffer.wrap(member.value).getInt()));
            }
        }
    }

    /** Names all staff whose status depends on the business date. */
    void staffWithLeaveDate(Consumer<Person> each) {
        Bytes from = StoreKeys.person(new Person(PatronKind.STAFF, Integer.MIN_VALUE));
        Bytes to = StoreKeys.last(StoreKeys.person(new Person(PatronKind.STAFF, Integer.MAX_VALUE)));
        try (KeyValueIterator<Bytes, byte[]> all = rows.range(from, to)) {
            while (all.hasNext()) {
                StaffMember member = staff.deserialize(staffTopic, all.next().value);
                if (member.getLeaveDate().isPresent()) {
                    each.accept(new Person(PatronKind.STAFF, member.getStaffId()));
                }
            }
        }
    }

    /** About how many rows there are. */
    long size() {
        return rows.approximateNumEntries();
    }

    /** Returns all persons who have rows, from this key on, in their order. */
    PersonIterator.Source personsFrom(Bytes person) {
        return PersonIterator.source(rows, person, Bytes.wrap(new byte[0]));
    }

    private static Person student(byte[] id) {
        return new Person(PatronKind.STUDENT, ByteBuffer.wrap(id).getInt());
    }

    private static byte[] bytes(int id) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(id).array();
    }
}
