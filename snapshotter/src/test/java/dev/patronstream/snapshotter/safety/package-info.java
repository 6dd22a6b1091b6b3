@NullMarked
package dev.patronstream.snapshotter.safety;

import org.jspecify.annotations.NullMarked;
