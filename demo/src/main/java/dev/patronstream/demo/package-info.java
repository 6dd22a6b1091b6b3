/** The demo: sandbox, stages and live changes in one process, told step by step. */
@NullMarked
package dev.patronstream.demo;

import org.jspecify.annotations.NullMarked;
