package dev.patronstream.standin.tds;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes a response's bytes, little-endian, in packets of the size agreed at login: never more than one packet is held,
 * so a result of any size takes no memory. A client that reads slowly slows the writer. One thread.
 */
final class PacketWriter {
    private static final int HEADER = 8;
    private static final int SMALLEST = 512;

    private final OutputStream out;
    private final int spid;
    private byte[] packet = new byte[4096];
    private int size = HEADER;
    private int number = 1;

    PacketWriter(OutputStream out, int spid) {
        this.out = out;
        this.spid = spid;
    }

    /** Sets the size of the packets that follow; only between messages. */
    void packetSize(int bytes) {
        packet = new byte[Math.max(SMALLEST, Math.min(32767, bytes))];
    }

    int packetSize() {
        return packet.length;
    }

    PacketWriter u8(int value) {
        if (size == packet.length) {
            send(false);
        }
        packet[size++] = (byte) value;
        return this;
    }

    PacketWriter u16(int value) {
        return u8(value).u8(value >>> 8);
    }

    PacketWriter u32(long value) {
        return u16((int) value).u16((int) (value >>> 16));
    }

    PacketWriter u64(long value) {
        return u32(value).u32(value >>> 32);
    }

    PacketWriter bytes(byte[] bytes) {
        int from = 0;
        while (from < bytes.length) {
            if (size == packet.length) {
                send(false);
            }
            int n = Math.min(bytes.length - from, packet.length - size);
            System.arraycopy(bytes, from, packet, size, n);
            size += n;
            from += n;
        }
        return this;
    }

    /** UTF-16LE without a length. */
    PacketWriter text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_16LE));
    }

    /** UTF-16LE after its length in characters as one byte. */
    PacketWriter shortText(String text) {
        String cut = text.length() > 255 ? text.substring(0, 255) : text;
        return u8(cut.length()).text(cut);
    }

    /** UTF-16LE after its length in characters as two bytes. */
    PacketWriter longText(String text) {
        return u16(text.length()).text(text);
    }

    /** Sends what is there as the last packet of the message. */
    void endMessage() {
        send(true);
        number = 1;
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(boolean last) {
        packet[0] = Message.RESPONSE;
        packet[1] = (byte) (last ? 1 : 0);
        packet[2] = (byte) (size >>> 8);
        packet[3] = (byte) size;
        packet[4] = (byte) (spid >>> 8);
        packet[5] = (byte) spid;
        packet[6] = (byte) number++;
        packet[7] = 0;
        try {
            out.write(packet, 0, size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        size = HEADER;
    }
}
