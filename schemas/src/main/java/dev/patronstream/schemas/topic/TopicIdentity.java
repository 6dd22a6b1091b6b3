package dev.patronstream.schemas.topic;

import java.util.Optional;

/**
 * What a topic is known by: one that was deleted and made again has another id, one that has lost its beginning begins
 * later. Compaction moves neither.
 *
 * @param id the topic's id
 * @param first the offset that it begins at, 0 for nearly all
 */
public record TopicIdentity(String id, long first) {

    /** Reads what {@link #text} has written. */
    public static TopicIdentity of(String text) {
        int at = text.indexOf('@');
        return at < 0
                ? new TopicIdentity(text, 0)
                : new TopicIdentity(text.substring(0, at), Long.parseLong(text.substring(at + 1)));
    }

    /** Returns it as text. */
    public String text() {
        return first == 0 ? id : id + "@" + first;
    }

    /** Returns, in words, what a topic has lost that was known by the first text and is now by the second. */
    public static Optional<String> lost(String topic, String before, String now) {
        TopicIdentity was = of(before);
        TopicIdentity is = of(now);
        if (!was.id.equals(is.id)) {
            return Optional.of("topic " + topic + " was deleted and created again");
        }
        return is.first > was.first
                ? Optional.of("topic " + topic + " has lost its beginning: it begins at offset " + is.first
                        + " now, not at " + was.first)
                : Optional.empty();
    }
}
