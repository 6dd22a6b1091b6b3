/** A feed as a table of a vendor's database, kept by Kafka Connect, and whether it is equal to the feed. */
@NullMarked
package dev.patronstream.benchmarks.table;

import org.jspecify.annotations.NullMarked;
