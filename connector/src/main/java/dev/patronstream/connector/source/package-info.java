/** The database: what it is, what it captures, how fresh its change tables are; and the engine that reads them. */
@NullMarked
package dev.patronstream.connector.source;

import org.jspecify.annotations.NullMarked;
