/** Snapshots that would remove too much: what is held, what a person decides, and how the two find each other. */
@NullMarked
package dev.patronstream.connector.hold;

import org.jspecify.annotations.NullMarked;
