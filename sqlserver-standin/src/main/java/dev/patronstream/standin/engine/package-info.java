/**
 * One database of the stand-in: the embedded engine, its catalog, the log of committed changes, sessions and the
 * interpreter of batches. Knows nothing of the wire.
 */
@NullMarked
package dev.patronstream.standin.engine;

import org.jspecify.annotations.NullMarked;
