/** Asks a running status port over HTTP, in front of a source in memory. */
@NullMarked
package dev.patronstream.cli.web;

import org.jspecify.annotations.NullMarked;
