/** What changes a database's schema: CREATE, ALTER and DROP, and the history and log that each table gets with them. */
@NullMarked
package dev.patronstream.standin.definition;

import org.jspecify.annotations.NullMarked;
