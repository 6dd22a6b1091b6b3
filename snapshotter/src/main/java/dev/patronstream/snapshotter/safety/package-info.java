/** What keeps a file from leaving: what the vendor would lose by it, measured against thresholds, pauses, and leavers. */
@NullMarked
package dev.patronstream.snapshotter.safety;

import org.jspecify.annotations.NullMarked;
