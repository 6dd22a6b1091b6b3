@NullMarked
package dev.patronstream.snapshotter.ledger;

import org.jspecify.annotations.NullMarked;
