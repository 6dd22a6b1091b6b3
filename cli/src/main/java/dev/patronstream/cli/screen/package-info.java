/** What people see: lines, a live line, one message for an error. */
@NullMarked
package dev.patronstream.cli.screen;

import org.jspecify.annotations.NullMarked;
