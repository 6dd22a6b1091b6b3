package dev.patronstream.schemas.serde;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Confluent's wire format: a zero byte, the id of the schema in four bytes, and the record.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">
 *     Wire format</a>
 */
public final class WireFormat {

    private static final byte MAGIC = 0;
    private static final int HEADER_BYTES = 1 + Integer.BYTES;

    private WireFormat() {}

    /** Returns the id of the schema that a value names; empty for one that is not in this format. */
    public static OptionalInt schemaId(byte[] value) {
        return value.length < HEADER_BYTES || value[0] != MAGIC
                ? OptionalInt.empty()
                : OptionalInt.of(ByteBuffer.wrap(value).getInt(1));
    }

    /** Returns what reads the record of a value that names a schema. */
    public static BinaryDecoder record(byte[] value) {
        return DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null);
    }

    /** Returns a record with the id of its schema before it. */
    static byte[] of(int schemaId, byte[] record) {
        return ByteBuffer.allocate(HEADER_BYTES + record.length)
                .put(MAGIC)
                .putInt(schemaId)
                .put(record)
                .array();
    }
}
