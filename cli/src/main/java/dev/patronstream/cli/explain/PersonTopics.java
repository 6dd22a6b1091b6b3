package dev.patronstream.cli.explain;

import dev.patronstream.cli.run.ClusterClients;
import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Enrolment;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.Topics;
import dev.patronstream.snapshotter.cut.TopicReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** What the topics hold of one person. Reads each topic once, from its beginning. */
final class PersonTopics {

    private final Topics topics;
    private final TopicReader reader;
    private final AvroSerdes serdes;

    PersonTopics(Topics topics, ClusterClients clients) {
        this.topics = topics;
        this.reader = new TopicReader(clients.kafkaProperties());
        this.serdes = clients.avro();
    }

    /** Returns the student and the staff member of an ID, as far as there are such. */
    List<PersonRows> rows(int id) {
        Map<String, Enrolment> enrolments = new TreeMap<>();
        reader.read(topics.enrolments(), serdes.deserializer(Enrolment.class), record -> {
            if (record.value() != null && record.value().getStudentId() == id) {
                enrolments.put(record.key(), record.value());
            } else {
                // Deleted, or a row that has become another student's.
                enrolments.remove(record.key());
            }
        });
        AtomicReference<Optional<StaffMember>> staff = new AtomicReference<>(Optional.empty());
        reader.read(topics.staff(), serdes.deserializer(StaffMember.class), record -> {
            if (record.key().equals(Integer.toString(id))) {
                staff.set(Optional.ofNullable(record.value()));
            }
        });
        List<PersonRows> people = new ArrayList<>();
        if (!enrolments.isEmpty()) {
            people.add(PersonRows.student(List.copyOf(enrolments.values())));
        }
        staff.get().map(PersonRows::staff).ifPresent(people::add);
        return people;
    }

    /** Returns the names of the schools, by code. */
    Map<Integer, String> schoolNames() {
        Map<Integer, String> names = new HashMap<>();
        reader.read(topics.schools(), serdes.deserializer(School.class), record -> {
            int code = Integer.parseInt(record.key());
            Optional<String> name = Optional.ofNullable(record.value()).flatMap(School::getName);
            name.ifPresentOrElse(known -> names.put(code, known), () -> names.remove(code));
        });
        return names;
    }

    /** Returns what the vendor holds of a person. */
    Optional<DeliveredRow> delivered(String feed, String key) {
        AtomicReference<Optional<DeliveredRow>> row = new AtomicReference<>(Optional.empty());
        reader.read(topics.delivered(feed), serdes.deserializer(DeliveredRow.class), record -> {
            if (record.key().equals(key)) {
                row.set(Optional.ofNullable(record.value()));
            }
        });
        return row.get();
    }
}
