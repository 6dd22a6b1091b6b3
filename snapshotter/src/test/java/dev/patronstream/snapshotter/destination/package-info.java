@NullMarked
package dev.patronstream.snapshotter.destination;

import org.jspecify.annotations.NullMarked;
