/** What stands between a file and its vendor: checks, pauses, and what becomes of people who left. */
@NullMarked
package dev.patronstream.snapshotter.safety;

import org.jspecify.annotations.NullMarked;
