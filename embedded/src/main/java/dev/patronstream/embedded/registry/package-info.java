/** Confluent's Schema Registry REST calls over a compacted topic, inside the process. */
@NullMarked
package dev.patronstream.embedded.registry;

import org.jspecify.annotations.NullMarked;
