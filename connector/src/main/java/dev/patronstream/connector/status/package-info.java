/** How capture is doing, and why it has ended. */
@NullMarked
package dev.patronstream.connector.status;

import org.jspecify.annotations.NullMarked;
