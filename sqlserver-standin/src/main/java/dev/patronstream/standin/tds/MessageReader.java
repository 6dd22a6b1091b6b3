package dev.patronstream.standin.tds;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Puts packets together to messages. One thread. */
final class MessageReader {
    private static final int HEADER = 8;
    private static final int END_OF_MESSAGE = 0x01;
    private static final int IGNORE = 0x02;
    /** No client of ours sends more in one request; a larger one is a mistake or an attack on memory. */
    private static final int LARGEST_MESSAGE = 256 << 20;

    private final DataInputStream in;

    MessageReader(InputStream in) {
        this.in = new DataInputStream(in);
    }

    /** The next message; null when the client has closed the connection between messages. */
    @Nullable
    Message next() throws IOException {
        byte[] body = new byte[0];
        int size = 0;
        while (true) {
            int type;
            try {
                type = in.readUnsignedByte();
            } catch (EOFException e) {
                if (size == 0) {
                    return null;
                }
                throw e;
            }
            int status = in.readUnsignedByte();
            int length = in.readUnsignedShort() - HEADER;
            in.readInt();
            if (length < 0 || size + length > LARGEST_MESSAGE) {
                throw new IOException("A TDS packet of type " + type + " has an impossible length.");
            }
            if (size + length > body.length) {
                body = Arrays.copyOf(body, Math.max(size + length, Math.min(LARGEST_MESSAGE, 2 * body.length)));
            }
            in.readFully(body, size, length);
            size += length;
            if ((status & END_OF_MESSAGE) != 0) {
                if ((status & IGNORE) != 0) {
                    size = 0;
                    continue;
                }
                return new Message(type, ByteBuffer.wrap(body, 0, size).order(ByteOrder.LITTLE_ENDIAN));
            }
        }
    }
}
