/** The exact cut of a feed: what its topic held at the end of one epoch, all of it and nothing later. */
@NullMarked
package dev.patronstream.snapshotter.cut;

import org.jspecify.annotations.NullMarked;
