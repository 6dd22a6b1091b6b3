package dev.patronstream.connector.row;

import dev.patronstream.schemas.secret.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * 128 bits that stand for the content of a contract record; records that differ in {@code source} only have the same.
 */
public record Fingerprint(long high, long low) {

    public static Fingerprint of(SpecificRecordBase row) {
        MessageDigest digest = Sha256.newDigest();
        for (Schema.Field field : row.getSchema().getFields()) {
            if (field.order() != Schema.Field.Order.IGNORE) {
                update(digest, row.get(field.pos()));
            }
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new Fingerprint(hash.getLong(), hash.getLong());
    }

    /** Lengths go in front of texts, so that no two lists of values have the same bytes. */
    private static void update(MessageDigest digest, @Nullable Object value) {
        if (value == null) {
            digest.update((byte) 0);
        } else if (value instanceof Map<?, ?> map) {
            SortedMap<?, ?> sorted = map instanceof SortedMap<?, ?> already ? already : new TreeMap<>(map);
            sorted.forEach((name, text) -> {
                update(digest, name);
                update(digest, text);
            });
            digest.update((byte) 1);
        } else {
            byte[] bytes = value.toString().getBytes(StandardCharsets.UTF_8);
            digest.update((byte) 2);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            digest.update(bytes);
        }
    }
}
