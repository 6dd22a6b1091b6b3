package dev.patronstream.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LsnTest {

    @Test
    void textAndBytesAreTheSameLsn() {
        byte[] bytes = {0, 0, 0, 0x27, 0, 0, 7, 0x58, 0, 5};

        assertEquals("00000027:00000758:0005", Lsn.of(bytes).text());
        assertArrayEquals(bytes, new Lsn("00000027:00000758:0005").bytes());
    }

    @Test
    void orderOfTextIsTheUnsignedOrderOfBytes() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] a = new byte[10];
            byte[] b = new byte[10];
            random.nextBytes(a);
            random.nextBytes(b);
            assertEquals(
                    Integer.signum(Arrays.compareUnsigned(a, b)),
                    Integer.signum(Lsn.of(a).compareTo(Lsn.of(b))));
        }
        assertFalse(Lsn.NONE.isAfter(Lsn.NONE));
        assertTrue(Lsn.of(new byte[] {(byte) 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0}).isAfter(Lsn.NONE));
    }

    @Test
    void anythingElseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Lsn("27:758:5"));
        assertThrows(IllegalArgumentException.class, () -> new Lsn("00000027:00000758:000G"));
        assertThrows(IllegalArgumentException.class, () -> new Lsn("0000002A:00000758:0005"));
        assertThrows(IllegalArgumentException.class, () -> Lsn.of(new byte[9]));
    }
}
