/** What every stage must decide alike about a feed: whom it selects, which patrons are complete, why people are removed. */
@NullMarked
package dev.patronstream.schemas.feed;

import org.jspecify.annotations.NullMarked;
