/** The system procedures that clients call: catalog procedures of drivers, change data capture, settings. */
@NullMarked
package dev.patronstream.sandbox.sqlserver.procedures;

import org.jspecify.annotations.NullMarked;
