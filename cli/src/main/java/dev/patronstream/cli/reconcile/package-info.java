/** What would change in a Destiny that has been in use for years. */
@NullMarked
package dev.patronstream.cli.reconcile;

import org.jspecify.annotations.NullMarked;
