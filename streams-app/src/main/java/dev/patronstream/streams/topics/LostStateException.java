package dev.patronstream.streams.topics;

import org.apache.kafka.common.KafkaException;

/**
 * State, topics and positions do not belong together. All that the application keeps is dropped, and the contract topics
 * are replayed.
 */
public final class LostStateException extends KafkaException {

    private static final long serialVersionUID = 1L;

    /** Says what does not fit. */
    public LostStateException(String what) {
        super(Character.toUpperCase(what.charAt(0)) + what.substring(1)
                + ". The state of the streams application is dropped, and the contract topics are replayed");
    }
}
