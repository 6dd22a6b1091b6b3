package dev.patronstream.cli.explain;

import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;

/** What the topics hold of one person. Reads each topic once, from its beginning. */
public final class PersonTopics {

    private final Topics topics;
    private final Map<String, Object> kafka;
    private final AvroSerdes serdes;

    public PersonTopics(Topics topics, ClusterClients clients) {
        this.topics = topics;
        this.kafka = clients.kafkaProperties();
        this.serdes = clients.avro();
    }

    /** Returns the student and the staff member of an ID, as far as there are such. */
    List<PersonRows> rows(int id) {
        Map<String, Enrollment> enrollments = new TreeMap<>();
        read(topics.enrollments(), Enrollment.class, Keys::isNumberInSchool, (key, row) -> {
            // Deleted, or a row that has become another student's.
            enrollments.remove(key);
            row.filter(enrollment -> enrollment.getStudentId() == id)
                    .ifPresent(enrollment -> enrollments.put(key, enrollment));
        });
        AtomicReference<Optional<StaffMember>> staff = new AtomicReference<>(Optional.empty());
        read(topics.staff(), StaffMember.class, Integer.toString(id)::equals, (key, row) -> staff.set(row));
        List<PersonRows> people = new ArrayList<>();
        if (!enrollments.isEmpty()) {
            people.add(PersonRows.student(List.copyOf(enrollments.values())));
        }
        staff.get().map(PersonRows::staff).ifPresent(people::add);
        return people;
    }

    /** Returns the names of the schools by code, as Aeries has them. */
    public Map<Integer, String> schoolNames() {
        Map<Integer, String> names = new HashMap<>();
        read(topics.schools(), School.class, Keys::isNumber, (key, row) -> {
            int code = Integer.parseInt(key);
            Optional<String> name = row.flatMap(School::getName);
            name.ifPresentOrElse(known -> names.put(code, known), () -> names.remove(code));
        });
        return names;
    }

    Optional<DeliveredRow> delivered(String feed, String key) {
        AtomicReference<Optional<DeliveredRow>> row = new AtomicReference<>(Optional.empty());
        read(topics.delivered(feed), DeliveredRow.class, key::equals, (same, value) -> row.set(value));
        return row.get();
    }

    /** Foreign records are passed over, as the stages do. */
    private <T extends SpecificRecord> void read(
            String topic, Class<T> type, Predicate<String> keys, BiConsumer<String, Optional<T>> use) {
        try (CommittedTopics reader = new CommittedTopics(kafka)) {
            reader.read(topic, RecordForm.of(keys, serdes.deserializer(type)), record -> {
                if (!record.isForeign()) {
                    use.accept(record.key(), record.value());
                }
            });
        }
    }
}
