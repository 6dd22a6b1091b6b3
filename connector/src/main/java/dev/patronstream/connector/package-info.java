/** Capture: from the change tables of SQL Server to the contract topics, exactly once. */
@NullMarked
package dev.patronstream.connector;

import org.jspecify.annotations.NullMarked;
