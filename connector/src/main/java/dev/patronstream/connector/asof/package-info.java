/** The tables of the database as they were at an LSN: read now, and rolled back with the change tables. */
@NullMarked
package dev.patronstream.connector.asof;

import org.jspecify.annotations.NullMarked;
