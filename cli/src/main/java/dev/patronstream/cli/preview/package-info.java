/** What a feed would be like with another database: who stays, moves, comes and leaves. */
@NullMarked
package dev.patronstream.cli.preview;

import org.jspecify.annotations.NullMarked;
