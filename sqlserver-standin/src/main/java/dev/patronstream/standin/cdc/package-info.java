/**
 * Change data capture: enabling and disabling, change tables, the capture and clean-up jobs, and the functions that read
 * them. Everything here is filled from the log of commits, never by the statements that change rows.
 */
@NullMarked
package dev.patronstream.standin.cdc;

import org.jspecify.annotations.NullMarked;
