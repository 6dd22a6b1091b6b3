/** Tests of what {@code feeds} shows. */
@NullMarked
package dev.patronstream.cli.sheet;

import org.jspecify.annotations.NullMarked;
