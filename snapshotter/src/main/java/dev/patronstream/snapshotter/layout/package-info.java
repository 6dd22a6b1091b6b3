/**
 * The file a vendor gets: columns, values, rules for bad data, the CSV and the properties file that explains it.
 *
 * <p>Nothing here reads a topic or a server; everything is a function of feed entries and settings.
 */
@NullMarked
package dev.patronstream.snapshotter.layout;

import org.jspecify.annotations.NullMarked;
