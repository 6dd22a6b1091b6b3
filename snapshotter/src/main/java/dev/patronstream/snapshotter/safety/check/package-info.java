/** What every file is asked before it leaves, a class per check. */
@NullMarked
package dev.patronstream.snapshotter.safety.check;

import org.jspecify.annotations.NullMarked;
