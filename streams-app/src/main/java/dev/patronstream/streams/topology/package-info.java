/** The topology and its processor. */
@NullMarked
package dev.patronstream.streams.topology;

import org.jspecify.annotations.NullMarked;
