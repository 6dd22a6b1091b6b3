@NullMarked
package dev.patronstream.snapshotter.schedule;

import org.jspecify.annotations.NullMarked;
