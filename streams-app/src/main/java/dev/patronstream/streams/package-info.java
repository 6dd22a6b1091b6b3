/**
 * From rows to patrons: the Kafka Streams application that applies epochs to persons, chooses primary enrollments and
 * keeps the patron table and the feeds.
 *
 * <p>{@link dev.patronstream.streams.StreamsApp} is the way in. {@code topology} receives the rows, {@code epochs} waits
 * until an epoch is whole and applies it, {@code people} holds the rules for a person.
 */
@NullMarked
package dev.patronstream.streams;

import org.jspecify.annotations.NullMarked;
