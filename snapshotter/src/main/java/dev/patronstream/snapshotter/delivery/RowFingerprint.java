package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.snapshotter.layout.PatronRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a row says, in sixteen bytes: half a million rows as texts would take most of the memory of a delivery.
 *
 * @param high first half
 * @param low second half
 */
record RowFingerprint(long high, long low) {

    static RowFingerprint of(PatronRow row) {
        return of(row.filled(), false);
    }

    static RowFingerprint of(DeliveredRow row) {
        return of(row.getValues(), row.getLeftAt().isPresent());
    }

    private static RowFingerprint of(Map<String, String> values, boolean left) {
        MessageDigest digest = Sha256.newDigest();
        digest.update((byte) (left ? 1 : 0));
        new TreeMap<>(values).forEach((header, value) -> {
            update(digest, header);
            update(digest, value);
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
