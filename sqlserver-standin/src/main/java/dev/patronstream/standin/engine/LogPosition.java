package dev.patronstream.standin.engine;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * A position in the stand-in's transaction log and its two outside forms: the ten bytes of SQL Server's LSN (virtual log
 * file, block, slot) and the text Debezium prints, {@code 00000027:00000758:0005}. Positions, bytes and texts sort
 * alike.
 */
public final class LogPosition {
    /** A new database starts here, so that LSNs look like a grown log's. */
    public static final long FIRST = 0x1D0 << 6;

    private static final long FIRST_FILE = 0x27;
    private static final int SLOT_BITS = 6;
    private static final int BLOCK_BITS = 28;

    private LogPosition() {}

    /** The LSN of a position. */
    public static byte[] lsn(long position) {
        long block = position >>> SLOT_BITS;
        return ByteBuffer.allocate(10)
                .putInt((int) (FIRST_FILE + (block >>> BLOCK_BITS)))
                .putInt((int) ((block & ((1L << BLOCK_BITS) - 1)) << 3))
                .putShort((short) ((position & ((1 << SLOT_BITS) - 1)) + 1))
                .array();
    }

    /** The position of an LSN that {@link #lsn} made; for other LSNs the greatest position not above it. */
    public static long position(byte[] lsn) {
        ByteBuffer buffer = ByteBuffer.wrap(lsn);
        long file = (buffer.getInt() & 0xFFFFFFFFL) - FIRST_FILE;
        long block = (buffer.getInt() & 0xFFFFFFFFL) >>> 3;
        int slot = buffer.getShort() & 0xFFFF;
        if (file < 0) {
            return 0;
        }
        return (((file << BLOCK_BITS) + block) << SLOT_BITS) + Math.min(Math.max(slot - 1, 0), (1 << SLOT_BITS) - 1);
    }

    /** An LSN as Debezium prints it. */
    public static String text(byte[] lsn) {
        String hex = HexFormat.of().formatHex(lsn);
        return hex.substring(0, 8) + ":" + hex.substring(8, 16) + ":" + hex.substring(16);
    }

    /** The bytes of an LSN as Debezium prints it. */
    public static byte[] parse(String text) {
        String hex = text.replace(":", "");
        if (hex.length() != 20) {
            throw new IllegalArgumentException("Not an LSN like 00000027:00000758:0005: " + text);
        }
        return HexFormat.of().parseHex(hex);
    }
}
