/** From rows to patrons: the Kafka Streams application that keeps the patron table and the feeds. */
@NullMarked
package dev.patronstream.streams;

import org.jspecify.annotations.NullMarked;
