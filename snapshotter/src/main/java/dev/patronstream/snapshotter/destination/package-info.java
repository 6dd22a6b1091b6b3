/** Brings the files of a delivery into a vendor's folder, whole. */
@NullMarked
package dev.patronstream.snapshotter.destination;

import org.jspecify.annotations.NullMarked;
