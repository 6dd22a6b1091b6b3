/** What the settings of all parts of the snapshotter share: problems with their paths. */
@NullMarked
package dev.patronstream.snapshotter.settings;

import org.jspecify.annotations.NullMarked;
