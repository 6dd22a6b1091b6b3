/** Files that are whole on the local disk, and the id of the delivery that they are of. */
@NullMarked
package dev.patronstream.snapshotter.file;

import org.jspecify.annotations.NullMarked;
