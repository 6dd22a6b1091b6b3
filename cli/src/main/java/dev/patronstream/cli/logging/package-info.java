/** What is logged where: everything to a file, warnings to the screen, nothing private anywhere. */
@NullMarked
package dev.patronstream.cli.logging;

import org.jspecify.annotations.NullMarked;
