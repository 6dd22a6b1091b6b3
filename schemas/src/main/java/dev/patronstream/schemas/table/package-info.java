/** Tables that add fields to enrollments, declared once for every stage. */
@NullMarked
package dev.patronstream.schemas.table;

import org.jspecify.annotations.NullMarked;
