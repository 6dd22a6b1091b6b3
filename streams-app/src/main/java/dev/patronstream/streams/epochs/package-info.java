/** The topology: rows wait for the end of their epoch, which is then applied as one step. */
@NullMarked
package dev.patronstream.streams.epochs;

import org.jspecify.annotations.NullMarked;
