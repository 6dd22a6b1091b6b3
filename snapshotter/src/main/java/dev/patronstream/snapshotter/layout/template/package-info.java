/** Templates of columns: what stands in a configured text becomes the value of a patron. */
@NullMarked
package dev.patronstream.snapshotter.layout.template;

import org.jspecify.annotations.NullMarked;
