/** Debezium's engine, and how what it reads becomes captured rows. */
@NullMarked
package dev.patronstream.connector.engine;

import org.jspecify.annotations.NullMarked;
