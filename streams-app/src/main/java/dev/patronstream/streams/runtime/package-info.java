/** How Kafka Streams runs here: its memory, its failures, and the state that an earlier run has left. */
@NullMarked
package dev.patronstream.streams.runtime;

import org.jspecify.annotations.NullMarked;
