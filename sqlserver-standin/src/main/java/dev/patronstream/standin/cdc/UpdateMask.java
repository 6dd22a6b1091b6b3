package dev.patronstream.standin.cdc;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The bit mask of changed columns in a change table: the first captured column is the lowest bit of the last byte. */
final class UpdateMask {
    private UpdateMask() {}

    /** The mask of an insert or a delete: every column. */
    static byte[] all(int columns) {
        byte[] mask = empty(columns);
        for (int ordinal = 1; ordinal <= columns; ordinal++) {
            set(mask, ordinal);
        }
        return mask;
    }

    /** The mask of an update. */
    static byte[] changed(@Nullable Object[] before, @Nullable Object[] after) {
        byte[] mask = empty(before.length);
        for (int i = 0; i < before.length; i++) {
            if (!Objects.deepEquals(before[i], after[i])) {
                set(mask, i + 1);
            }
        }
        return mask;
    }

    static boolean isSet(byte[] mask, int ordinal) {
        int index = mask.length - 1 - (ordinal - 1) / 8;
        return ordinal > 0 && index >= 0 && (mask[index] & (1 << ((ordinal - 1) % 8))) != 0;
    }

    private static byte[] empty(int columns) {
        return new byte[(columns + 7) / 8];
    }

    private static void set(byte[] mask, int ordinal) {
        mask[mask.length - 1 - (ordinal - 1) / 8] |= (byte) (1 << ((ordinal - 1) % 8));
    }
}
