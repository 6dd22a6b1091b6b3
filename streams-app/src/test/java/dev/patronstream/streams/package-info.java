/** Tests of the streams application. */
@NullMarked
package dev.patronstream.streams;

import org.jspecify.annotations.NullMarked;
