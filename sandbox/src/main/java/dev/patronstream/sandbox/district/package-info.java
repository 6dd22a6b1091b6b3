/** A made-up school district, as messy as a real one: its tables and the people in them. */
@NullMarked
package dev.patronstream.sandbox.district;

import org.jspecify.annotations.NullMarked;
