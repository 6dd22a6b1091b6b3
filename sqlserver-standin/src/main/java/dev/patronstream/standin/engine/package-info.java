/**
 * One database of the stand-in as it is stored: the embedded engine and its connections, the catalog, and the log of
 * committed changes. Knows nothing of T-SQL statements, sessions or the wire.
 */
@NullMarked
package dev.patronstream.standin.engine;

import org.jspecify.annotations.NullMarked;
