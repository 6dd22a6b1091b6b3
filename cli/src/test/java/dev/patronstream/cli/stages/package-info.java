@NullMarked
package dev.patronstream.cli.stages;

import org.jspecify.annotations.NullMarked;
