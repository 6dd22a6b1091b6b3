@NullMarked
package dev.patronstream.cli.reconcile;

import org.jspecify.annotations.NullMarked;
