package dev.patronstream.streams.epochs;

import org.apache.kafka.common.KafkaException;

/** The state lacks rows that count as read; it is dropped, and the contract topics are replayed. */
public final class LostStateException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private LostStateException(String what) {
        super(what + ". All of it is dropped, and the contract topics are replayed");
    }

    /** Positions and stores do not belong together. */
    static LostStateException below(String topic, long readTo) {
        return new LostStateException("The group has read on in topic " + topic
                + ", but the state knows its rows below offset " + readTo + " only: a part of the state is lost");
    }

    /** The epochs that were applied without a topic count its rows all the same. */
    static LostStateException without(String topic) {
        return new LostStateException("The state was built without topic " + topic + ", which is read from now on");
    }
}
