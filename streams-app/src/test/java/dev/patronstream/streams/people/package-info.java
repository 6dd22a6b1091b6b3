/** Tests of the rules for one person. */
@NullMarked
package dev.patronstream.streams.people;

import org.jspecify.annotations.NullMarked;
