/** One client's session: its options, variables and transactions, and the interpreter of its batches and calls. */
@NullMarked
package dev.patronstream.standin.session;

import org.jspecify.annotations.NullMarked;
