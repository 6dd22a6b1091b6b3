/**
 * T-SQL as text: tokens, statements, types, error numbers, and the translation into the engine's dialect. Nothing in
 * here touches a database or a socket.
 */
@NullMarked
package dev.patronstream.standin.sql;

import org.jspecify.annotations.NullMarked;
