package dev.patronstream.streams;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.Teacher;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.schemas.topic.RecordHeaders;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.epochs.Rows;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Publishes epochs as the connector does: rows and the epoch's end in Kafka transactions. */
final class ConnectorDouble implements AutoCloseable {

    private static final int ROWS_PER_TRANSACTION = 10_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final AvroSerdes serdes;
    private final Topics topics;
    private final Map<String, Future<RecordMetadata>> last = new HashMap<>();
    private final Map<String, Long> next = new HashMap<>();
    private int rows;
    private int inTransaction;
    private long epoch;

    ConnectorDouble(String bootstrapServers, AvroSerdes serdes, Topics topics) {
        this.serdes = serdes;
        this.topics = topics;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", topics.connectorTransactionalId()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    /** Another one, which takes the place of this one and knows what it has published. */
    ConnectorDouble successor(String bootstrapServers) {
        ConnectorDouble successor = new ConnectorDouble(bootstrapServers, serdes, topics);
        successor.next.putAll(next);
        successor.epoch = epoch;
        return successor;
    }

    /** Numbers its epochs from there on. */
    void goOnAfter(long lastEpoch) {
        epoch = lastEpoch;
    }

    void put(Enrollment.Builder row) {
        Enrollment enrollment = row.build();
        send(
                topics.enrollments(),
                Keys.enrollment(enrollment.getSchoolCode(), enrollment.getStudentNumber()),
                enrollment);
    }

    void removeEnrollment(int school, int number) {
        send(topics.enrollments(), Keys.enrollment(school, number), null);
    }

    void put(StaffMember.Builder row) {
        StaffMember member = row.build();
        send(topics.staff(), Keys.staffMember(member.getStaffId()), member);
    }

    void put(Teacher teacher) {
        send(topics.of(JoinedTable.TCH), Keys.teacher(teacher.getSchoolCode(), teacher.getTeacherNumber()), teacher);
    }

    void put(School school) {
        send(topics.schools(), Keys.school(school.getCode()), school);
    }

    long endEpoch() {
        epoch++;
        begin();
        last.forEach((topic, sent) -> next.put(topic, offset(sent) + 1));
        last.clear();
        Progress progress = Progress.newBuilder()
                .setEpoch(epoch)
                .setIncarnation(Rows.INCARNATION)
                .setWatermark("00000027:%08x:0001".formatted(epoch))
                .setBusinessDate(Rows.TODAY)
                .setPublishedAt(Instant.EPOCH.plusSeconds(epoch))
                .setCause(EpochCause.CHANGES)
                .setNextOffsets(next)
                .setRows(rows)
                .setSourceTransactions(1)
                .setKafkaTransactions(1)
                .build();
        Future<RecordMetadata> end = producer.send(record(topics.progress(), Keys.PROGRESS, progress));
        producer.commitTransaction();
        if (!end.isDone()) {
            throw new IllegalStateException("A committed record has been sent");
        }
        inTransaction = 0;
        rows = 0;
        return epoch;
    }

    /** Ends an epoch with so many enrollments more than were published. */
    void announce(int more) {
        next.merge(topics.enrollments(), (long) more, Long::sum);
        endEpoch();
    }

    private void send(String topic, String key, @Nullable SpecificRecord value) {
        begin();
        last.put(topic, producer.send(record(topic, key, value)));
        rows++;
        inTransaction++;
        if (inTransaction == ROWS_PER_TRANSACTION) {
            producer.commitTransaction();
            inTransaction = 0;
        }
    }

    private void begin() {
        if (inTransaction == 0) {
            producer.beginTransaction();
        }
    }

    @SuppressWarnings("unchecked")
    private ProducerRecord<byte[], byte[]> record(String topic, String key, @Nullable SpecificRecord value) {
        byte[] bytes = value == null
                ? null
                : serdes.serializer((Class<SpecificRecord>) value.getClass()).serialize(topic, value);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), bytes);
        record.headers().add(RecordHeaders.EPOCH, Long.toString(epoch + 1).getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private long offset(Future<RecordMetadata> sent) {
        producer.flush();
        try {
            return sent.get().offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
