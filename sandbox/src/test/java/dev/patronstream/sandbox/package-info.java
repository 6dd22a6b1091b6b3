/** What the tests of the sandbox share. */
@NullMarked
package dev.patronstream.sandbox;

import org.jspecify.annotations.NullMarked;
