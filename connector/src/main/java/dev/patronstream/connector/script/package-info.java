/** The T-SQL that a district's database administrator runs for capture, and runs to undo it. */
@NullMarked
package dev.patronstream.connector.script;

import org.jspecify.annotations.NullMarked;
