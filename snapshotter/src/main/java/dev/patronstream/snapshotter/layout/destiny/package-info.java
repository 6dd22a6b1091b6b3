/** The layout of Follett Destiny's patron import. */
@NullMarked
package dev.patronstream.snapshotter.layout.destiny;

import org.jspecify.annotations.NullMarked;
