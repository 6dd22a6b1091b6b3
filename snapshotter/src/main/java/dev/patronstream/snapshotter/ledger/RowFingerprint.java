package dev.patronstream.snapshotter.ledger;

import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.secret.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What a row says, in sixteen bytes: half a million rows as texts would take most of the memory of a delivery. */
public record RowFingerprint(long high, long low) {

    private static final int LEFT = 1;

    /** Of everything that is remembered of a row. */
    static RowFingerprint of(DeliveredRow row) {
        MessageDigest digest = Sha256.newDigest();
        digest.update((byte) (row.getLeftAt().isPresent() ? LEFT : 0));
        ByteBuffer hash = hash(digest, row.getValues(), header -> true);
        return new RowFingerprint(hash.getLong(), hash.getLong());
    }

    /**
     * Of the values of a row, or of those that count: the first half of those by which the vendor knows the person, the
     * second of all others.
     */
    public static RowFingerprint of(
            Map<String, String> values, Optional<Set<String>> columns, Set<String> identifiers) {
        Predicate<String> counts =
                header -> columns.map(some -> some.contains(header)).orElse(true);
        Predicate<String> identifies = identifiers::contains;
        return new RowFingerprint(
                hash(Sha256.newDigest(), values, counts.and(identifies)).getLong(),
                hash(Sha256.newDigest(), values, counts.and(identifies.negate()))
                        .getLong());
    }

    private static ByteBuffer hash(MessageDigest digest, Map<String, String> values, Predicate<String> counts) {
        new TreeMap<>(values).forEach((header, value) -> {
            if (counts.test(header)) {
                update(digest, header);
                update(digest, value);
            }
        });
        return ByteBuffer.wrap(digest.digest());
    }

    private static void update(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }
}
