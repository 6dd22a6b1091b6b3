/** What {@code vendor} makes or prints: accounts that may read one feed, and settings of their clients. */
@NullMarked
package dev.patronstream.cli.vendor;

import org.jspecify.annotations.NullMarked;
