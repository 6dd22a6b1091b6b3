@NullMarked
package dev.patronstream.snapshotter.cut;

import org.jspecify.annotations.NullMarked;
