/** The topology: its processor, and the tables that queries read. */
@NullMarked
package dev.patronstream.streams.topology;

import org.jspecify.annotations.NullMarked;
