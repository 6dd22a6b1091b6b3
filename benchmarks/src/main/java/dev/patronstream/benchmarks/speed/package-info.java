/** How fast the stages are: commands that print a table, and compare nothing that was not measured in the same run. */
@NullMarked
package dev.patronstream.benchmarks.speed;

import org.jspecify.annotations.NullMarked;
