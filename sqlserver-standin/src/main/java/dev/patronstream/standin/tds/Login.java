package dev.patronstream.standin.tds;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a LOGIN7 message says.
 *
 * @param ticket what a client sends that does not sign in with user and password; empty of all others
 */
record Login(
        int packetSize,
        String host,
        String user,
        String password,
        String application,
        String database,
        ByteBuffer ticket) {

    private static final int OFFSETS = 36;
    private static final int TICKET = 78;

    static Login parse(ByteBuffer body) {
        int packetSize = body.getInt(8);
        return new Login(
                packetSize, text(body, 0), text(body, 1), password(body), text(body, 3), text(body, 8), ticket(body));
    }

    private static ByteBuffer ticket(ByteBuffer body) {
        return body.slice(body.getShort(TICKET) & 0xFFFF, body.getShort(TICKET + 2) & 0xFFFF);
    }

    private static byte[] bytes(ByteBuffer body, int field) {
        int offset = body.getShort(OFFSETS + 4 * field) & 0xFFFF;
        int length = 2 * (body.getShort(OFFSETS + 4 * field + 2) & 0xFFFF);
        byte[] bytes = new byte[length];
        body.get(offset, bytes);
        return bytes;
    }

    private static String text(ByteBuffer body, int field) {
        return new String(bytes(body, field), StandardCharsets.UTF_16LE);
    }

    private static String password(ByteBuffer body) {
        byte[] bytes = bytes(body, 2);
        for (int i = 0; i < bytes.length; i++) {
            int b = (bytes[i] & 0xFF) ^ 0xA5;
            bytes[i] = (byte) ((b << 4) | (b >>> 4));
        }
        return new String(bytes, StandardCharsets.UTF_16LE);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Login[user=" + user + ", host=" + host + ", application=" + application + ", database=" + database
                + "]";
    }
}
