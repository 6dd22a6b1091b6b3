/** Rebuild by replay: what is derived is cleared and worked out again. */
@NullMarked
package dev.patronstream.streams.rebuild;

import org.jspecify.annotations.NullMarked;
