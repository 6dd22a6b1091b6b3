package dev.patronstream.schemas.topic;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;

/**
 * The record headers. Header values are UTF-8 text.
 *
 * <p>A tombstone has no value to say where it comes from, so it carries this in headers; other records carry
 * {@link #EPOCH} as well, so that a reader can cut at an epoch without decoding values.
 */
public final class RecordHeaders {

    /** Number of the epoch that the record belongs to. */
    public static final String EPOCH = "patronstream.epoch";

    /** Commit LSN of the change (contract topics) or watermark of the epoch (patrons, feeds). */
    public static final String LSN = "patronstream.lsn";

    /** Incarnation of the database that the LSN belongs to. */
    public static final String INCARNATION = "patronstream.incarnation";

    private RecordHeaders() {}

    /** Adds all of them to a record. */
    public static void add(Headers headers, long epoch, String lsn, String incarnation) {
        headers.add(EPOCH, Long.toString(epoch).getBytes(StandardCharsets.UTF_8));
        headers.add(LSN, lsn.getBytes(StandardCharsets.UTF_8));
        headers.add(INCARNATION, incarnation.getBytes(StandardCharsets.UTF_8));
    }
}
