package dev.patronstream.streams.rebuild;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * What a record says, as a SHA-256: two records of one type have the same one exactly if they are equal, which leaves
 * aside epoch and watermark (fields whose order is ignored). Keeps a comparison of half a million persons small, and
 * their names out of it. Used by one thread.
 *
 * @param <T> type of the records
 */
final class ContentDigest<T extends SpecificRecord> {

    private final ContentWriter<T> writer;
    private final MessageDigest digest;

    ContentDigest(Class<T> type) {
        this.writer = new ContentWriter<>(type);
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    String of(T record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            writer.write(record, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HexFormat.of().formatHex(digest.digest(bytes.toByteArray()), 0, 16);
    }

    private static final class ContentWriter<T extends SpecificRecord> extends SpecificDatumWriter<T> {

        ContentWriter(Class<T> type) {
            super(type);
        }

        @Override
        protected void writeField(Object record, Schema.Field field, Encoder out, Object state) throws IOException {
            if (field.order() != Schema.Field.Order.IGNORE) {
                super.writeField(record, field, out, state);
            }
        }

        /** Equal maps are written alike. */
        @Override
        @SuppressWarnings("unchecked") // Avro's keys are texts and its values are any.
        protected Iterable<Map.Entry<Object, Object>> getMapEntries(Object map) {
            List<Map.Entry<Object, Object>> entries = new ArrayList<>(((Map<Object, Object>) map).entrySet());
            entries.sort(Comparator.comparing(entry -> entry.getKey().toString()));
            return entries;
        }
    }
}
