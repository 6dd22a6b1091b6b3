/** The system procedures that clients call: catalog procedures of drivers, change data capture, settings. */
@NullMarked
package dev.patronstream.standin.procedures;

import org.jspecify.annotations.NullMarked;
