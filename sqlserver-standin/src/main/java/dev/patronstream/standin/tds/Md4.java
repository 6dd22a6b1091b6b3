package dev.patronstream.standin.tds;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The digest in which Windows keeps passwords, which Java lacks. For nothing else: it is broken.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1320">RFC 1320</a>
 */
final class Md4 {

    private static final int BLOCK = 64;
    private static final int STEPS = 48;

    /** By round: which word a step takes, by how much it rotates, what it adds. */
    private static final int[][] WORDS = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15},
        {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}
    };

    private static final int[][] ROTATIONS = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
    private static final int[] ADDENDS = {0, 0x5A827999, 0x6ED9EBA1};

    private Md4() {}

    /** Returns the digest, 16 bytes. */
    static byte[] digest(byte[] message) {
        int length = (message.length + 8) / BLOCK * BLOCK + BLOCK;
        ByteBuffer padded = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        padded.put(message).put((byte) 0x80).putLong(length - 8, 8L * message.length);
        int[] sum = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};
        for (int at = 0; at < length; at += BLOCK) {
            int a = sum[0];
            int b = sum[1];
            int c = sum[2];
            int d = sum[3];
            for (int step = 0; step < STEPS; step++) {
                int round = step / 16;
                int mixed =
                        switch (round) {
                            case 0 -> (b & c) | (~b & d);
                            case 1 -> (b & c) | (b & d) | (c & d);
                            default -> b ^ c ^ d;
                        };
                int word = padded.getInt(at + 4 * WORDS[round][step % 16]);
                int next = Integer.rotateLeft(a + mixed + word + ADDENDS[round], ROTATIONS[round][step % 4]);
                a = d;
                d = c;
                c = b;
                b = next;
            }
            sum[0] += a;
            sum[1] += b;
            sum[2] += c;
            sum[3] += d;
        }
        ByteBuffer digest = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        for (int part : sum) {
            digest.putInt(part);
        }
        return digest.array();
    }
}
