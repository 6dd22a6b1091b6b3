/** What must not be read by others: passwords, files for their owner only, and digests in the place of values. */
@NullMarked
package dev.patronstream.schemas.secret;

import org.jspecify.annotations.NullMarked;
