/** How the parts of a stage live and end. */
@NullMarked
package dev.patronstream.schemas.lifecycle;

import org.jspecify.annotations.NullMarked;
