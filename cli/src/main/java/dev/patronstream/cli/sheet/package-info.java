/** What {@code feeds} shows: who and what of them goes to whom. */
@NullMarked
package dev.patronstream.cli.sheet;

import org.jspecify.annotations.NullMarked;
