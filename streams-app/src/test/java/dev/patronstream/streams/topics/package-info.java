/** Tests of the readers of topics. */
@NullMarked
package dev.patronstream.streams.topics;

import org.jspecify.annotations.NullMarked;
