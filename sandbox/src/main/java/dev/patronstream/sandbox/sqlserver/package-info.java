/**
 * The SQL Server stand-in: TDS 7.4 on a socket, T-SQL, an embedded relational engine, change data capture as Microsoft
 * documents it. See docs/stand-in.md.
 */
@NullMarked
package dev.patronstream.sandbox.sqlserver;

import org.jspecify.annotations.NullMarked;
