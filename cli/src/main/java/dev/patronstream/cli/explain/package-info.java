/** Why a person, a value, a row is as it is. */
@NullMarked
package dev.patronstream.cli.explain;

import org.jspecify.annotations.NullMarked;
