/** What the tests of the sandbox share. */
@NullMarked
package dev.patronstream.embedded;

import org.jspecify.annotations.NullMarked;
