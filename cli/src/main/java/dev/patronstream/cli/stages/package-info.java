/** What every stage of every process of the district says of itself. */
@NullMarked
package dev.patronstream.cli.stages;

import org.jspecify.annotations.NullMarked;
