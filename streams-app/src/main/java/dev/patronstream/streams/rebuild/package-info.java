/** Rebuild by replay: what is derived is cleared, or built a second time and compared. */
@NullMarked
package dev.patronstream.streams.rebuild;

import org.jspecify.annotations.NullMarked;
