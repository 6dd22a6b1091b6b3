/** The command {@code check}: tries everything that the configuration names, and says what the database holds. */
@NullMarked
package dev.patronstream.cli.check;

import org.jspecify.annotations.NullMarked;
