/** What topics hold, read beside Kafka Streams, and the notes by which a topic is known again. */
@NullMarked
package dev.patronstream.streams.topics;

import org.jspecify.annotations.NullMarked;
