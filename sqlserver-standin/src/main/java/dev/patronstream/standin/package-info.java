/**
 * The SQL Server stand-in: TDS 7.4 on a socket, T-SQL, an embedded relational engine, change data capture as Microsoft
 * documents it. See sqlserver-standin/README.md.
 */
@NullMarked
package dev.patronstream.standin;

import org.jspecify.annotations.NullMarked;
