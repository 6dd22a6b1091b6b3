/** What is known of past deliveries: receipts, the rows that the vendor holds, and the archive of the files. */
@NullMarked
package dev.patronstream.snapshotter.ledger;

import org.jspecify.annotations.NullMarked;
