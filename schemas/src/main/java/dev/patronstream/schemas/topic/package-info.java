/** How every stage and command reads a topic back: what is committed, to the high watermark, of one life of the topic. */
@NullMarked
package dev.patronstream.schemas.topic;

import org.jspecify.annotations.NullMarked;
