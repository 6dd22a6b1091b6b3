/** What is decided before a row is read: capture goes on, reads the tables again, or waits for a person. */
@NullMarked
package dev.patronstream.connector.start;

import org.jspecify.annotations.NullMarked;
