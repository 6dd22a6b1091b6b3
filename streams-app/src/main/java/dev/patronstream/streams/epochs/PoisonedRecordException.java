package dev.patronstream.streams.epochs;

import org.apache.kafka.common.KafkaException;

/**
 * A record of a contract topic cannot be read. It is never skipped: what it says about a person is not known, so nothing
 * that came after it could be trusted.
 */
public final class PoisonedRecordException extends KafkaException {

    private static final long serialVersionUID = 1L;

    PoisonedRecordException(String topic, long offset, String reason) {
        super("The record at offset " + offset + " of topic " + topic + " cannot be applied: " + reason
                + ". Nothing after it has been applied. Who else writes to this topic? When the cause is mended,"
                + " rebuild the streams application from the contract topics");
    }
}
