/** When a feed is delivered: cron in a time zone, right over daylight saving. */
@NullMarked
package dev.patronstream.snapshotter.schedule;

import org.jspecify.annotations.NullMarked;
