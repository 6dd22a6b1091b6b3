/** Topics of the contracts: their names and settings, how they are made, and the one reader of a committed topic. */
@NullMarked
package dev.patronstream.schemas.topic;

import org.jspecify.annotations.NullMarked;
