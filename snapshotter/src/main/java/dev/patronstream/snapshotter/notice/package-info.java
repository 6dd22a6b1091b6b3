/** Alerts: a delivery that is held, failed or not read in full, and when it is well again. */
@NullMarked
package dev.patronstream.snapshotter.notice;

import org.jspecify.annotations.NullMarked;
