/** The stages of one district, wired and run in one process. */
@NullMarked
package dev.patronstream.cli.run;

import org.jspecify.annotations.NullMarked;
