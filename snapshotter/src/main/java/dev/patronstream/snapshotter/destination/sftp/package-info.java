/** A folder on a vendor's SFTP server. */
@NullMarked
package dev.patronstream.snapshotter.destination.sftp;

import org.jspecify.annotations.NullMarked;
