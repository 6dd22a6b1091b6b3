/** The commands about files and their deliveries. */
@NullMarked
package dev.patronstream.cli.command.delivery;

import org.jspecify.annotations.NullMarked;
