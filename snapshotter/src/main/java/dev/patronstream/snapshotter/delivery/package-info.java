/**
 * How a file leaves: the local archive, the vendor's SFTP folder, receipts and the memory of what the vendor holds.
 */
@NullMarked
package dev.patronstream.snapshotter.delivery;

import org.jspecify.annotations.NullMarked;
