/** What can be wrong with a patron's data, and what a feed does about it. */
@NullMarked
package dev.patronstream.snapshotter.rules;

import org.jspecify.annotations.NullMarked;
