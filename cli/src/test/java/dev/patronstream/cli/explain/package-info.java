@NullMarked
package dev.patronstream.cli.explain;

import org.jspecify.annotations.NullMarked;
