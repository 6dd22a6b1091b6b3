/** What programs read of the command and of the status port. */
@NullMarked
package dev.patronstream.cli.json;

import org.jspecify.annotations.NullMarked;
