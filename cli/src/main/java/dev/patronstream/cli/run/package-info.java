/** The stages of one district, wired and run in one process, and what it says of them. */
@NullMarked
package dev.patronstream.cli.run;

import org.jspecify.annotations.NullMarked;
