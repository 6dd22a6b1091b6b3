package dev.patronstream.schemas.topic;

import org.apache.kafka.common.errors.RetriableException;

/** A topic was deleted, made again or cut off while it was read: what was read of it is the content of no topic. */
public final class TopicReplacedException extends RetriableException {

    private static final long serialVersionUID = 1L;

    TopicReplacedException(String topic) {
        super("The topic " + topic + " was deleted, made again or cut off while it was read");
    }
}
