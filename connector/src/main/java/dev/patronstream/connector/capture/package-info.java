/** Publishes what the engine hands over, epoch by epoch. */
@NullMarked
package dev.patronstream.connector.capture;

import org.jspecify.annotations.NullMarked;
