/** Layouts for other vendors, each a list of columns with a template. */
@NullMarked
package dev.patronstream.snapshotter.layout.free;

import org.jspecify.annotations.NullMarked;
