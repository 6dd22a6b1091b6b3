package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.DeliveredRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a row says, in sixteen bytes: half a million rows as texts would take most of the memory of a delivery.
 *
 * @param high first half
 * @param low second half
 */
public record RowFingerprint(long high, long low) {

    private static final int LEFT = 1;

    /** Of everything that is remembered of a row. */
    static RowFingerprint of(DeliveredRow row) {
        return of(row.getValues(), row.getLeftAt().isPresent() ? LEFT : 0, Optional.empty());
    }

    /**
     * Of the values of a row.
     *
     * @param columns headers of those that count; empty for all
     */
    public static RowFingerprint of(Map<String, String> values, Optional<Set<String>> columns) {
        return of(values, 0, columns);
    }

    private static RowFingerprint of(Map<String, String> values, int marks, Optional<Set<String>> columns) {
        MessageDigest digest = Sha256.newDigest();
        digest.update((byte) marks);
        new TreeMap<>(values).forEach((header, value) -> {
            if (columns.map(some -> some.contains(header)).orElse(true)) {
                update(digest, header);
                update(digest, value);
            }
        });
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new RowFingerprint(hash.getLong(), hash.getLong());
    }

    private static void update(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }
}
