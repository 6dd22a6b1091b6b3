/**
 * Delivers feeds to vendors: an exact cut becomes a CSV with its properties file, is uploaded so that the vendor never
 * sees a part of it, and leaves a receipt.
 *
 * <p>{@link dev.patronstream.snapshotter.Snapshotter} is the way in.
 */
@NullMarked
package dev.patronstream.snapshotter;

import org.jspecify.annotations.NullMarked;
