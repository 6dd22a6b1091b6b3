package dev.patronstream.standin.tds;

import java.nio.ByteBuffer;

/** A request of a client, all its packets together; the buffer is little-endian. */
record Message(int type, ByteBuffer body) {
    static final int SQL_BATCH = 0x01;
    static final int RPC = 0x03;
    static final int RESPONSE = 0x04;
    static final int ATTENTION = 0x06;
    static final int BULK_LOAD = 0x07;
    static final int TRANSACTION_MANAGER = 0x0E;
    static final int LOGIN7 = 0x10;
    static final int TICKET = 0x11;
    static final int PRELOGIN = 0x12;
}
