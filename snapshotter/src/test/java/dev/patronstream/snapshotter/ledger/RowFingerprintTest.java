package dev.patronstream.snapshotter.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.patronstream.schemas.DeliveredRow;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowFingerprintTest {

    private static final Map<String, String> ROW = Map.of("Last Name", "Núñez", "Grade", "5");

    /** The first half of SHA-256 over a byte for leavers and each header and value, sorted, after its length. */
    @Test
    void whatIsKeptInATopicStaysTheSame() {
        assertEquals(
                new RowFingerprint(2342745338455116163L, 4033790127267870522L),
                RowFingerprint.of(delivered(Optional.empty())));
        assertEquals(
                new RowFingerprint(-6868267406947972492L, 6482669966541442615L),
                RowFingerprint.of(delivered(Optional.of(Instant.EPOCH))));
    }

    private static DeliveredRow delivered(Optional<Instant> leftAt) {
        return DeliveredRow.newBuilder()
                .setDeliveryId("1")
                .setDeliveredAt(Instant.EPOCH)
                .setSite("HS")
                .setStatus("A")
                .setValues(ROW)
                .setLeftAt(leftAt.orElse(null))
                .build();
    }

    @Test
    void valuesThatChangePlacesAreOthers() {
        assertNotEquals(compared(Map.of("A", "x", "B", "y")), compared(Map.of("A", "y", "B", "x")));
        assertNotEquals(compared(Map.of("A", "x", "B", "x")), compared(Map.of("A", "y", "B", "y")));
        assertNotEquals(compared(Map.of("A", "Aa", "B", "1")), compared(Map.of("A", "BB", "B", "1")));
    }

    @Test
    void identifiersAndOtherValuesAreToldApart() {
        RowFingerprint before = compared(Map.of("A", "x", "Barcode", "1"));
        RowFingerprint after = compared(Map.of("A", "x", "Barcode", "2"));
        assertNotEquals(before.high(), after.high());
        assertEquals(before.low(), after.low());
    }

    private static RowFingerprint compared(Map<String, String> values) {
        return RowFingerprint.of(values, Optional.empty(), Set.of("Barcode"));
    }
}
