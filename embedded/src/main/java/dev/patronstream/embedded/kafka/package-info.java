/** A real Kafka broker (KRaft) inside the process, for the sandbox, the demo and the tests. */
@NullMarked
package dev.patronstream.embedded.kafka;

import org.jspecify.annotations.NullMarked;
