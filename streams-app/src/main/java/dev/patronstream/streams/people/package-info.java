/** The rules for one person: which enrollment is the primary one, what a patron and a feed entry hold. */
@NullMarked
package dev.patronstream.streams.people;

import org.jspecify.annotations.NullMarked;
