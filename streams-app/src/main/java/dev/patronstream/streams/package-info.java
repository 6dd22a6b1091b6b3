/**
 * From rows to patrons: the Kafka Streams application that applies epochs to persons, chooses primary enrollments and
 * keeps the patron table and the feeds.
 *
 * <p>{@link dev.patronstream.streams.StreamsApp} is the whole of it for other modules; {@code people} holds the rules
 * for a person, {@code epochs} the topology.
 */
@NullMarked
package dev.patronstream.streams;

import org.jspecify.annotations.NullMarked;
