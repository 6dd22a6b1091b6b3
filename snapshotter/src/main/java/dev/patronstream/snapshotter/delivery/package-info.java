/** One attempt to deliver a feed, from the cut to the receipt. */
@NullMarked
package dev.patronstream.snapshotter.delivery;

import org.jspecify.annotations.NullMarked;
