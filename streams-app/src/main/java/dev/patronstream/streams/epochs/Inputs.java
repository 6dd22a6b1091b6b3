package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * What the connector's records look like. One that does not was written by something else: it says nothing about
 * anybody, and is passed over.
 */
final class Inputs {

    private final String progressTopic;
    private final RecordForm<Progress> progress;
    private final Map<String, Rows<?>> rows;

    private record Rows<V>(RecordForm<V> form, Function<V, String> key) {

        TopicRecord<V> read(ConsumerRecord<String, byte[]> sent) {
            TopicRecord<V> read = form.read(sent);
            return read.value().isEmpty() || key.apply(read.value().get()).equals(sent.key())
                    ? read
                    : read.foreignBecause("its key names another row than its value");
        }
    }

    Inputs(Topics topics, AvroSerdes serdes) {
        progressTopic = topics.progress();
        progress = RecordForm.of(Keys.PROGRESS::equals, serdes.deserializer(Progress.class));
        rows = new HashMap<>(Map.of(
                topics.enrollments(),
                rows(
                        Keys::isNumberInSchool,
                        serdes.deserializer(Enrollment.class),
                        row -> Keys.enrollment(row.getSchoolCode(), row.getStudentNumber())),
                topics.schools(),
                rows(Keys::isNumber, serdes.deserializer(School.class), row -> Keys.school(row.getCode())),
                topics.staff(),
                rows(
                        Keys::isNumber,
                        serdes.deserializer(StaffMember.class),
                        row -> Keys.staffMember(row.getStaffId()))));
        for (JoinedTable table : JoinedTable.values()) {
            rows.put(topics.of(table), rows(table::isKey, serdes.deserializer(table.contract()), table::keyOf));
        }
    }

    private static <V> Rows<V> rows(Predicate<String> keys, Deserializer<V> values, Function<V, String> key) {
        return new Rows<>(new RecordForm<>(keys, values, true), key);
    }

    /** Reads a record; a foreign one was not written by the connector. */
    TopicRecord<?> read(ConsumerRecord<String, byte[]> sent) {
        if (!sent.topic().equals(progressTopic)) {
            return rows.get(sent.topic()).read(sent);
        }
        TopicRecord<Progress> end = progress.read(sent);
        return end.isDeletion() ? end.foreignBecause("it is a tombstone, and progress has none") : end;
    }

    /** Whether a record of the progress topic is the connector's. */
    boolean isEpoch(TopicRecord<byte[]> record) {
        return progress.read(record).value().isPresent();
    }
}
