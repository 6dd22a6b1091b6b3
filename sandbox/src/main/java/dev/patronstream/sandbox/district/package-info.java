/** A made-up school district, as messy as a real one: its tables, the people in them, and what happens to them. */
@NullMarked
package dev.patronstream.sandbox.district;

import org.jspecify.annotations.NullMarked;
