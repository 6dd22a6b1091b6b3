/** Options and arguments that several commands have. */
@NullMarked
package dev.patronstream.cli.command.option;

import org.jspecify.annotations.NullMarked;
