package dev.patronstream.schemas.topic;

import dev.patronstream.schemas.secret.Sha256;
import java.nio.ByteBuffer;

/** A sum over the values of a topic, whatever their order: who knows the sum sees that one is missing or is an old one. */
public final class ContentDigest {

    private ContentDigest() {}

    /** Returns the number of one value as it was sent; those of all values are added, modulo 2^64. */
    public static long of(byte[] value) {
        return ByteBuffer.wrap(Sha256.newDigest().digest(value)).getLong();
    }
}
