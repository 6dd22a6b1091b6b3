/** Tells people what they should know of: a delivery that is held, failed or late, and when it is well again. */
@NullMarked
package dev.patronstream.snapshotter.notice;

import org.jspecify.annotations.NullMarked;
