/** A folder of this machine, or of a share that is mounted here. */
@NullMarked
package dev.patronstream.snapshotter.destination.folder;

import org.jspecify.annotations.NullMarked;
