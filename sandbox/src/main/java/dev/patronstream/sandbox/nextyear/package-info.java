/** The district a year later: the tables of the next school year, made from those of this one. */
@NullMarked
package dev.patronstream.sandbox.nextyear;

import org.jspecify.annotations.NullMarked;
