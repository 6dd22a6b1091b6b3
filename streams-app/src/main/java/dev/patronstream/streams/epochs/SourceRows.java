package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.people.Patrons;
import dev.patronstream.streams.people.Person;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The rows of the district as they were read. Those of students and staff are kept by person; an index by school tells
 * whose row a student number of a school is, and who belongs to a school.
 */
final class SourceRows implements Patrons.Names {

    private final Topics topics;

    private final KeyValueStore<Bytes, byte[]> rows;
    private final KeyValueStore<Bytes, byte[]> members;
    private final Deserializer<Enrollment> enrollments;
    private final Deserializer<StaffMember> staff;
    private final SideRows<Optional<String>> schools;
    private final Map<JoinedTable, SideRows<Map<String, Object>>> joined = new EnumMap<>(JoinedTable.class);

    /** @param store the store of a name */
    SourceRows(Topics topics, AvroSerdes serdes, Function<String, KeyValueStore<Bytes, byte[]>> store) {
        this.topics = topics;
        this.rows = store.apply(Stores.ROWS);
        this.members = store.apply(Stores.MEMBERS);
        this.enrollments = serdes.deserializer(Enrollment.class);
        this.staff = serdes.deserializer(StaffMember.class);
        KeyValueStore<Bytes, byte[]> names = store.apply(Stores.SCHOOLS);
        Deserializer<School> school = serdes.deserializer(School.class);
        this.schools = new SideRows<>(
                names, key -> StoreKeys.school(Integer.parseInt(key)), row -> school.deserialize(topics.schools(), row)
                        .getName());
        topics.joined()
                .forEach(table -> joined.put(table, joined(names, table, serdes.deserializer(table.contract()))));
    }

    private SideRows<Map<String, Object>> joined(
            KeyValueStore<Bytes, byte[]> store,
            JoinedTable table,
            Deserializer<? extends SpecificRecordBase> contract) {
        return new SideRows<>(
                store,
                key -> StoreKeys.joined(table, key),
                row -> table.added(contract.deserialize(topics.of(table), row)));
    }

    /**
     * Takes over the next waiting rows of an epoch, or their ends, at most so many.
     *
     * @param affected takes the persons whom they concern, if that is asked for
     * @return how many there were
     */
    int fold(Inbox inbox, Progress epoch, int most, Optional<Consumer<Person>> affected) {
        Set<Integer> renamed = new TreeSet<>();
        Set<Integer> counselors = new TreeSet<>();
        List<Inbox.Row> waiting = inbox.rows(epoch, most);
        for (Inbox.Row row : waiting) {
            fold(row, new Concerned(affected.orElse(person -> {}), renamed::add, counselors::add));
            inbox.remove(row);
        }
        affected.ifPresent(each -> {
            renamed.forEach(school -> membersOf(school, each));
            counselors.forEach(counselor -> studentsOf(counselor, each));
        });
        return waiting.size();
    }

    /** What takes the persons whom a row concerns: single ones, everybody at a school, the students of a counselor. */
    private record Concerned(Consumer<Person> persons, IntConsumer schools, IntConsumer counselors) {}

    /** Takes a row over, or its end, when everybody is to be evaluated. */
    void fold(Inbox.Row row) {
        fold(row, new Concerned(person -> {}, school -> {}, counselor -> {}));
    }

    /** Takes a row over, or its end, and names the persons whom it concerns. */
    private void fold(Inbox.Row row, Concerned concerned) {
        if (row.topic().equals(topics.enrollments())) {
            foldEnrollment(row, concerned.persons());
        } else if (row.topic().equals(topics.staff())) {
            foldStaffMember(row, concerned);
        } else if (row.topic().equals(topics.schools())) {
            schools.fold(row).ifPresent(concerned.schools());
        } else {
            foldJoined(row, concerned);
        }
    }

    private void foldJoined(Inbox.Row row, Concerned concerned) {
        joined.forEach((table, rows) -> {
            if (row.topic().equals(topics.of(table))) {
                IntConsumer each = table.concernsSchool()
                        ? concerned.schools()
                        : student -> concerned.persons().accept(new Person(PatronKind.STUDENT, student));
                rows.fold(row).ifPresent(each);
            }
        });
    }

    @Override
    public Optional<String> school(int code) {
        return schools.get(Keys.school(code)).flatMap(name -> name);
    }

    /** Rows of a table may be left from a time when it was captured. */
    @Override
    public Map<String, Object> joined(JoinedTable table, String key) {
        return Optional.ofNullable(joined.get(table))
                .flatMap(rows -> rows.get(key))
                .orElse(Map.of());
    }

    private void foldEnrollment(Inbox.Row row, Consumer<Person> affected) {
        int slash = row.key().indexOf('/');
        int school = row.number(0, slash);
        int studentNumber = row.number(slash + 1, row.key().length());
        Bytes member = StoreKeys.member(school, PatronKind.STUDENT, studentNumber);
        Optional<Person> before = Optional.ofNullable(members.get(member)).map(SourceRows::student);
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
        enrollment.getCounselorStaffId().ifPresent(counselor -> noteCounselor(counselor, student.id()));
        affected.accept(student);
    }

    /** The note stays when the student gets another counselor: a changed name is then one evaluation more. */
    private void noteCounselor(int counselor, int student) {
        Bytes key = StoreKeys.ofCounselor(counselor, student);
        if (members.get(key) == null) {
            members.put(key, bytes(student));
        }
    }

    private void foldStaffMember(Inbox.Row row, Concerned concerned) {
        int id = row.number(0, row.key().length());
        Person person = new Person(PatronKind.STAFF, id);
        Bytes key = StoreKeys.row(person, 0, 0);
        Optional<StaffMember> before = staffMember(id);
        Optional<StaffMember> now = Optional.empty();
        if (row.value() == null) {
            rows.delete(key);
        } else {
            rows.put(key, row.value().get());
            now = Optional.of(row.read(staff));
        }
        Optional<Integer> schoolBefore = before.flatMap(Patrons::school);
        Optional<Integer> school = now.flatMap(Patrons::school);
        if (!schoolBefore.equals(school)) {
            schoolBefore.ifPresent(code -> members.delete(StoreKeys.member(code, PatronKind.STAFF, id)));
            school.ifPresent(code -> members.put(StoreKeys.member(code, PatronKind.STAFF, id), bytes(id)));
        }
        if (!before.map(SourceRows::names).equals(now.map(SourceRows::names))) {
            concerned.counselors().accept(id);
        }
        concerned.persons().accept(person);
    }

    /** What students take over from their counselor. */
    private static List<Optional<String>> names(StaffMember member) {
        return List.of(member.getLastName(), member.getFirstName());
    }

    List<Enrollment> enrollments(Person student) {
        List<Enrollment> all = new ArrayList<>(2);
        Bytes prefix = StoreKeys.person(student);
        try (KeyValueIterator<Bytes, byte[]> found = rows.range(prefix, StoreKeys.last(prefix))) {
            while (found.hasNext()) {
                all.add(enrollments.deserialize(topics.enrollments(), found.next().value));
            }
        }
        return all;
    }

    @Override
    public Optional<StaffMember> staffMember(int id) {
        return Optional.ofNullable(rows.get(StoreKeys.row(new Person(PatronKind.STAFF, id), 0, 0)))
                .map(bytes -> staff.deserialize(topics.staff(), bytes));
    }

    private void studentsOf(int counselor, Consumer<Person> each) {
        ids(
                StoreKeys.ofCounselor(counselor, Integer.MIN_VALUE),
                StoreKeys.ofCounselor(counselor, Integer.MAX_VALUE),
                id -> each.accept(new Person(PatronKind.STUDENT, id)));
    }

    /** Names everybody who has a row at the school. */
    private void membersOf(int school, Consumer<Person> each) {
        for (PatronKind kind : PatronKind.values()) {
            ids(
                    StoreKeys.member(school, kind, Integer.MIN_VALUE),
                    StoreKeys.member(school, kind, Integer.MAX_VALUE),
                    id -> each.accept(new Person(kind, id)));
        }
    }

    private void ids(Bytes from, Bytes to, IntConsumer each) {
        try (KeyValueIterator<Bytes, byte[]> found = members.range(from, to)) {
            while (found.hasNext()) {
                each.accept(ByteBuffer.wrap(found.next().value).getInt());
            }
        }
    }

    /** Names all staff whose status depends on the business date. */
    void staffWithLeaveDate(Consumer<Person> each) {
        Bytes from = StoreKeys.person(new Person(PatronKind.STAFF, Integer.MIN_VALUE));
        Bytes to = StoreKeys.last(StoreKeys.person(new Person(PatronKind.STAFF, Integer.MAX_VALUE)));
        try (KeyValueIterator<Bytes, byte[]> all = rows.range(from, to)) {
            while (all.hasNext()) {
                StaffMember member = staff.deserialize(topics.staff(), all.next().value);
                if (member.getLeaveDate().isPresent()) {
                    each.accept(new Person(PatronKind.STAFF, member.getStaffId()));
                }
            }
        }
    }

    long size() {
        return rows.approximateNumEntries();
    }

    Set<Person> persons(Bytes from, int most) {
        return StoreKeys.persons(rows, StoreKeys.NONE, from, most);
    }

    private static Person student(byte[] id) {
        return new Person(PatronKind.STUDENT, ByteBuffer.wrap(id).getInt());
    }

    private static byte[] bytes(int id) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(id).array();
    }
}
