/** What can happen to a Kafka broker: it loses the end or the beginning of a topic, or is killed as a process of its own. */
@NullMarked
package dev.patronstream.sandbox.kafka;

import org.jspecify.annotations.NullMarked;
