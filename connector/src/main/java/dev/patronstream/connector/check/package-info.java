/** Whether the database can be captured as configured, and what of it is captured. */
@NullMarked
package dev.patronstream.connector.check;

import org.jspecify.annotations.NullMarked;
