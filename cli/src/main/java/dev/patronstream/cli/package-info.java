/** The command {@code patronstream}: its entry point. */
@NullMarked
package dev.patronstream.cli;

import org.jspecify.annotations.NullMarked;
