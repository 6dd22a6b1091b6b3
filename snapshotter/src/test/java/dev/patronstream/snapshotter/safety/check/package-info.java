@NullMarked
package dev.patronstream.snapshotter.safety.check;

import org.jspecify.annotations.NullMarked;
