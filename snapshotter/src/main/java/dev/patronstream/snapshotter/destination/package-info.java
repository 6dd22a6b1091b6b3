/** Brings the files of a delivery into a vendor's folder, whole, whatever kind of place that is. */
@NullMarked
package dev.patronstream.snapshotter.destination;

import org.jspecify.annotations.NullMarked;
