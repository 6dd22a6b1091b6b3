/** The commands of {@code patronstream}, those that have much in common as methods of one class. */
@NullMarked
package dev.patronstream.cli.command;

import org.jspecify.annotations.NullMarked;
