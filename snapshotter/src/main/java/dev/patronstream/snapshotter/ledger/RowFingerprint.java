package dev.patronstream.snapshotter.ledger;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.secret.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a row says, in sixteen bytes: half a million rows as texts would take most of the memory of a delivery. */
public record RowFingerprint(long high, long low) {

    private static final int LEFT = 1;

    /** Bytes that UTF-8 needs for a character of a text at most. */
    private static final int MOST_BYTES = 3;

    /** For comparisons within one process; what is kept has a cryptographic one. */
    private static final Hasher64 FAST = Hashing.xxh3_64();

    /** Of everything that is remembered of a row: the sum of these is kept in a topic. */
    static RowFingerprint of(DeliveredRow row) {
        Map<String, String> values = row.getValues();
        int characters = 0;
        for (Map.Entry<String, String> value : values.entrySet()) {
            characters += value.getKey().length() + value.getValue().length();
        }
        ByteBuffer bytes = ByteBuffer.allocate(1 + 2 * Integer.BYTES * values.size() + MOST_BYTES * characters);
        bytes.put((byte) (row.getLeftAt().isPresent() ? LEFT : 0));
        values.keySet().stream().sorted().forEach(header -> {
            put(header, bytes);
            put(values.get(header), bytes);
        });
        MessageDigest digest = Sha256.newDigest();
        digest.update(bytes.flip());
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new RowFingerprint(hash.getLong(), hash.getLong());
    }

    private static void put(String text, ByteBuffer bytes) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        bytes.putInt(encoded.length).put(encoded);
    }

    /**
     * Of the values of a row, or of those that count: the first half of those by which the vendor knows the person, the
     * second of all others. Only for comparisons within one process.
     */
    public static RowFingerprint of(
            Map<String, String> values, Optional<Set<String>> columns, Set<String> identifiers) {
        long high = 0;
        long low = 0;
        for (Map.Entry<String, String> value : values.entrySet()) {
            String header = value.getKey();
            if (columns.isEmpty() || columns.get().contains(header)) {
                // A sum, so that the order of the columns does not matter.
                long hash =
                        FAST.hashLongLongToLong(FAST.hashCharsToLong(header), FAST.hashCharsToLong(value.getValue()));
                high += identifiers.contains(header) ? hash : 0;
                low += identifiers.contains(header) ? 0 : hash;
            }
        }
        return new RowFingerprint(high, low);
    }
}
