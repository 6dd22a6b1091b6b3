@NullMarked
package dev.patronstream.snapshotter.delivery;

import org.jspecify.annotations.NullMarked;
