@NullMarked
package dev.patronstream.snapshotter.layout;

import org.jspecify.annotations.NullMarked;
