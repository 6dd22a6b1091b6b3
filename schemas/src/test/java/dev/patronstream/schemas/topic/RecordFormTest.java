package dev.patronstream.schemas.topic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.serde.RegistryAnswers;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

class RecordFormTest {

    private static final RecordForm<String> FORM =
            new RecordForm<>(key -> key.startsWith("student/"), new StringDeserializer(), true);

    @Test
    void aRecordOfTheFormIsRead() {
        TopicRecord<String> read = FORM.read(record("student/1", "7", "value"));

        assertFalse(read.isForeign());
        assertFalse(read.isDeletion());
        assertEquals(Optional.of("value"), read.value());
        assertEquals(OptionalLong.of(7), read.epoch());
        assertEquals("student/1", read.key());
        TopicRecord<String> deletion = FORM.read(record("student/1", "7", null));
        assertTrue(deletion.isDeletion());
        assertFalse(deletion.isForeign());
    }

    @Test
    void whatIsWrongWithAForeignRecordIsSaidWithoutItsContent() {
        assertEquals("it has no key", foreign(FORM, record(null, "7", "value")));
        assertEquals("its key is none of this topic's", foreign(FORM, record("staff/1", "7", "value")));
        assertEquals(
                "its header patronstream.epoch is no number", foreign(FORM, record("student/1", "seven", "value")));
        assertEquals("it has no header patronstream.epoch", foreign(FORM, record("student/1", null, "value")));
        assertEquals("its key is none of this topic's", foreign(FORM, record("staff/1", "seven", "value")));
        TopicRecord<String> without = FORM.read(record(null, "7", null));
        assertEquals("", without.key());
        assertEquals(
                "the record at offset 5 of topic t was written by something else: it has no key", without.complaint());
        assertFalse(without.isDeletion(), "what a foreign record deletes is nothing of ours");
    }

    @Test
    void whereAnyKeyAndNoEpochWillDoNothingIsForeignForLackOfThem() {
        RecordForm<String> any = RecordForm.of(new StringDeserializer());

        assertEquals(Optional.of("value"), any.read(record(null, null, "value")).value());
        assertTrue(RecordForm.ANY.keys().test("any"));
        ConsumerRecord<String, byte[]> nullHeader = record("k", null, "value");
        nullHeader.headers().add(RecordHeaders.EPOCH, null);
        assertEquals(OptionalLong.empty(), any.read(nullHeader).epoch());
    }

    @Test
    void aValueThatCannotBeReadIsForeignAndARegistryThatDoesNotAnswerIsNot() {
        assertEquals("its value is not of this topic's schema", foreign(failing(new SerializationException("bad"))));
        assertEquals(
                "its value is not of this topic's schema",
                foreign(failing(new SerializationException(new EOFException()))));
        assertEquals("its value is not of this topic's schema", foreign(failing(new IllegalStateException("bad"))));
        for (RuntimeException registry : List.of(RegistryAnswers.refused(404), RegistryAnswers.ofOtherType())) {
            assertEquals("its value names no Avro schema that the registry has", foreign(failing(registry)));
        }
        for (RuntimeException world : new RuntimeException[] {
            RegistryAnswers.refused(503),
            RegistryAnswers.refused(200),
            new SerializationException(new IOException("no connection")),
            new KafkaException("away")
        }) {
            RuntimeException thrown =
                    assertThrows(RuntimeException.class, () -> failing(world).read(record("k", null, "value")));
            assertSame(world, thrown);
        }
    }

    @Test
    void valuesAsTheyWereSentAreReadableOnes() {
        RecordForm<byte[]> sent = RecordForm.of(new StringDeserializer()).asSent();

        byte[] bytes = sent.read(record("k", null, "value")).value().orElseThrow();

        assertArrayEquals("value".getBytes(StandardCharsets.UTF_8), bytes);
        assertTrue(failing(new SerializationException("bad"))
                .asSent()
                .read(record("k", null, "value"))
                .isForeign());
    }

    private static RecordForm<String> failing(RuntimeException failure) {
        Deserializer<String> deserializer = (topic, bytes) -> {
            throw failure;
        };
        return RecordForm.of(deserializer);
    }

    private static String foreign(RecordForm<String> form) {
        return foreign(form, record("k", null, "value"));
    }

    private static String foreign(RecordForm<String> form, ConsumerRecord<String, byte[]> sent) {
        TopicRecord<String> read = form.read(sent);
        assertTrue(read.isForeign());
        assertEquals(Optional.empty(), read.value());
        return read.foreign().orElseThrow();
    }

    private static ConsumerRecord<String, byte[]> record(String key, String epoch, String value) {
        ConsumerRecord<String, byte[]> sent =
                new ConsumerRecord<>("t", 0, 5, key, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
        if (epoch != null) {
            sent.headers().add(RecordHeaders.EPOCH, epoch.getBytes(StandardCharsets.UTF_8));
        }
        return sent;
    }
}
