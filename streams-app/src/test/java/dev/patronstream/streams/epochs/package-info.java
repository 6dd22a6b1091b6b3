/** Tests of the topology. */
@NullMarked
package dev.patronstream.streams.epochs;

import org.jspecify.annotations.NullMarked;
