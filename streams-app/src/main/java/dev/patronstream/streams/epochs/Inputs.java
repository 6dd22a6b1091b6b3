package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.Teacher;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.Topics;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the connector's records look like. One that does not was written by something else: it says nothing about
 * anybody, and is passed over.
 */
final class Inputs {

    private final String progress;
    private final Map<String, Input<?>> inputs;

    private record Input<V>(RecordForm<V> form, Function<V, String> key) {

        TopicRecord<V> read(ConsumerRecord<String, byte[]> sent) {
            TopicRecord<V> read = form.read(sent);
            return read.value().isEmpty() || key.apply(read.value().get()).equals(sent.key())
                    ? read
                    : read.foreignBecause("its key names another row than its value");
        }
    }

    Inputs(Topics topics, AvroSerdes serdes) {
        progress = topics.progress();
        inputs = Map.of(
                topics.enrollments(),
                new Input<>(
                        new RecordForm<>(Keys::isNumberInSchool, serdes.deserializer(Enrollment.class), true),
                        row -> Keys.enrollment(row.getSchoolCode(), row.getStudentNumber())),
                topics.teachers(),
                new Input<>(
                        new RecordForm<>(Keys::isNumberInSchool, serdes.deserializer(Teacher.class), true),
                        row -> Keys.teacher(row.getSchoolCode(), row.getTeacherNumber())),
                topics.schools(),
                numbered(serdes, School.class, row -> Keys.school(row.getCode())),
                topics.staff(),
                numbered(serdes, StaffMember.class, row -> Keys.staffMember(row.getStaffId())),
                topics.progress(),
                new Input<>(
                        RecordForm.of(Keys.PROGRESS::equals, serdes.deserializer(Progress.class)),
                        end -> Keys.PROGRESS));
    }

    private static <V extends SpecificRecordBase> Input<V> numbered(
            AvroSerdes serdes, Class<V> type, Function<V, String> key) {
        return new Input<>(new RecordForm<>(Keys::isNumber, serdes.deserializer(type), true), key);
    }

    /** Reads a record; a foreign one was not written by the connector. */
    TopicRecord<?> read(ConsumerRecord<String, byte[]> sent) {
        TopicRecord<?> read = inputs.get(sent.topic()).read(sent);
        return read.isDeletion() && sent.topic().equals(progress)
                ? read.foreignBecause("it is a tombstone, and progress has none")
                : read;
    }
}
