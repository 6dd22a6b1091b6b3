package dev.patronstream.connector.row;

import dev.patronstream.schemas.secret.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
        StringBuilder content = new StringBuilder();
        for (Schema.Field field : row.getSchema().getFields()) {
            if (field.order() != Schema.Field.Order.IGNORE) {
                append(content, row.get(field.pos()));
            }
        }
        byte[] bytes = content.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer hash = ByteBuffer.wrap(Sha256.newDigest().digest(bytes));
        return new Fingerprint(hash.getLong(), hash.getLong());
    }

    /** Lengths go in front of texts, so that no two lists of values read alike. */
    private static void append(StringBuilder content, @Nullable Object value) {
        if (value == null) {
            content.append('-');
        } else if (value instanceof Map<?, ?> map) {
            content.append('{');
            SortedMap<?, ?> sorted = map instanceof SortedMap<?, ?> already ? already : new TreeMap<>(map);
            sorted.forEach((name, text) -> {
                append(content, name);
                append(content, text);
            });
            content.append('}');
        } else {
            String text = value.toString();
            content.append(text.length()).append(':').append(text);
        }
    }
}
