/** The commands of {@code patronstream}, one class each. */
@NullMarked
package dev.patronstream.cli.command;

import org.jspecify.annotations.NullMarked;
