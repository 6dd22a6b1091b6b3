/** How a feed is delivered, as configured. */
@NullMarked
package dev.patronstream.snapshotter.feed;

import org.jspecify.annotations.NullMarked;
