/** Compares the database with the topics row by row, at one LSN. */
@NullMarked
package dev.patronstream.cli.audit;

import org.jspecify.annotations.NullMarked;
