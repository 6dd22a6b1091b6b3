package dev.patronstream.streams.epochs;

import org.apache.kafka.common.KafkaException;

/** An input topic is not the one that the state was built from. */
public final class ReplacedTopicException extends KafkaException {

    private static final long serialVersionUID = 1L;

    ReplacedTopicException(String topic) {
        super("Topic " + topic + " was deleted and made again since the state was built from it, so the positions in it"
                + " mean nothing any more. Stop the services and make the tables anew from the contract topics:"
                + " patronstream rebuild");
    }
}
