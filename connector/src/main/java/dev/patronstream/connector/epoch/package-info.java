/** Whole source transactions, epochs, and the one Kafka transaction that carries them with the source's position. */
@NullMarked
package dev.patronstream.connector.epoch;

import org.jspecify.annotations.NullMarked;
