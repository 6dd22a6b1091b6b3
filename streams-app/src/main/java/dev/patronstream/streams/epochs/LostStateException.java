package dev.patronstream.streams.epochs;

import org.apache.kafka.common.KafkaException;

/** Positions and stores do not belong together: rows count as read that the stores know nothing of. */
public final class LostStateException extends KafkaException {

    private static final long serialVersionUID = 1L;

    LostStateException(String topic, long readTo) {
        super("The group has read on in topic " + topic + ", but the state knows its rows below offset " + readTo
                + " only: a part of the state is lost. All of it is dropped, and the contract topics are replayed");
    }
}
