/** The district's SQL Server: connection, log, capture job, and how fresh what is read from them is. */
@NullMarked
package dev.patronstream.connector.database;

import org.jspecify.annotations.NullMarked;
