@NullMarked
package dev.patronstream.snapshotter;

import org.jspecify.annotations.NullMarked;
