package dev.patronstream.connector.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.patronstream.connector.KafkaExtension;
import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.serde.AvroSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Flatten;
import org.apache.kafka.connect.transforms.ReplaceField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Records as the stages write them, as a sink of Kafka Connect gets them. */
@ExtendWith(KafkaExtension.class)
class AvroRecordConverterTest {

    private static final String TOPIC = "converter.feed.destiny";

    @Test
    void aFeedEntryIsAStructOfOptionalFields(TestKafka kafka) {
        SchemaAndValue read = read(kafka, entry());

        Struct entry = (Struct) read.value();
        entry.validate();
        assertEquals("STUDENT", entry.get("kind"));
        assertEquals(7, entry.get("id"));
        assertEquals("Nuñez", entry.get("lastName"));
        assertNull(entry.get("firstName"));
        assertEquals(Date.from(Instant.parse("2012-02-29T00:00:00Z")), entry.get("birthDate"));
        assertEquals(Map.of("STU.U1", "7"), entry.get("extra"));
        assertEquals(10, entry.getStruct("primary").get("schoolCode"));
        assertEquals("ACTIVE", entry.getStruct("primary").get("status"));
        assertEquals(false, entry.getStruct("primary").get("otherPerson"));
        assertEquals(1, entry.getArray("others").size());
        assertEquals(1L << 40, entry.get("epoch"));
        assertEquals(
                List.of(),
                read.schema().fields().stream()
                        .filter(field -> !field.schema().isOptional())
                        .toList());
    }

    @Test
    void connectsOwnTransformationsMakeARowOfIt(TestKafka kafka) {
        try (var drop = new ReplaceField.Value<SinkRecord>();
                var flatten = new Flatten.Value<SinkRecord>()) {
            drop.configure(Map.of("exclude", "extra,others"));
            flatten.configure(Map.of("delimiter", "_"));
            SchemaAndValue read = read(kafka, entry());

            SinkRecord sent =
                    new SinkRecord(TOPIC, 0, Schema.STRING_SCHEMA, "student/7", read.schema(), read.value(), 0);
            Struct row = (Struct) flatten.apply(drop.apply(sent)).value();

            assertEquals(10, row.get("primary_schoolCode"));
            assertEquals("Nuñez", row.get("lastName"));
        }
    }

    @Test
    void anEpochHasTimesAndNumbers(TestKafka kafka) {
        Instant published = Instant.parse("2026-11-30T12:34:56.789Z");
        EpochApplied epoch = EpochApplied.newBuilder()
                .setEpoch(3)
                .setIncarnation("one")
                .setWatermark("00000027:00000758:0005")
                .setBusinessDate(LocalDate.of(2026, 11, 30))
                .setPublishedAt(published)
                .setFeeds(Map.of())
                .setPatrons(2)
                .setFeedEntries(Map.of("destiny", 2L))
                .setFeedDigests(Map.of())
                .build();

        Struct read = (Struct) read(kafka, epoch).value();

        assertEquals(Date.from(published), read.get("publishedAt"));
        assertEquals(Date.from(Instant.parse("2026-11-30T00:00:00Z")), read.get("businessDate"));
        assertEquals(Map.of("destiny", 2L), read.get("feedEntries"));
        assertNull(read.get("freshAsOf"));
    }

    @Test
    void aTombstoneStaysOne(TestKafka kafka) {
        assertEquals(SchemaAndValue.NULL, converter(kafka.registry().url()).toConnectData(TOPIC, null));
    }

    @Test
    void whatIsNoRecordIsRefusedAndARegistryThatIsAwayIsAskedAgain(TestKafka kafka) {
        byte[] text = "text".getBytes(StandardCharsets.UTF_8);
        assertThrows(
                DataException.class, () -> converter(kafka.registry().url()).toConnectData(TOPIC, text));
        byte[] sent = bytes(kafka, entry());
        assertThrows(
                RetriableException.class, () -> converter("http://127.0.0.1:1").toConnectData(TOPIC, sent));
    }

    private static SchemaAndValue read(TestKafka kafka, SpecificRecord record) {
        return converter(kafka.registry().url()).toConnectData(TOPIC, bytes(kafka, record));
    }

    private static byte[] bytes(TestKafka kafka, SpecificRecord record) {
        AvroSerdes serdes =
                new AvroSerdes(Map.of("schema.registry.url", kafka.registry().url()));
        return serdes.serializer(SpecificRecord.class)
                .serialize("converter." + record.getSchema().getName(), record);
    }

    private static AvroRecordConverter converter(String registry) {
        AvroRecordConverter converter = new AvroRecordConverter();
        converter.configure(Map.of("schema.registry.url", registry), false);
        return converter;
    }

    private static FeedEntry entry() {
        Affiliation school = Affiliation.newBuilder()
                .setSchoolCode(10)
                .setStatus(PatronStatus.ACTIVE)
                .build();
        return FeedEntry.newBuilder()
                .setFeed("destiny")
                .setKind(PatronKind.STUDENT)
                .setId(7)
                .setLastName("Nuñez")
                .setBirthDate(LocalDate.of(2012, 2, 29))
                .setExtra(Map.of("STU.U1", "7"))
                .setPrimary(school)
                .setOthers(List.of(school))
                .setEpoch(1L << 40)
                .setWatermark("00000027:00000758:0005")
                .build();
    }
}
