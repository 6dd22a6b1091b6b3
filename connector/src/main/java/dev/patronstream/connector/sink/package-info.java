/** For a vendor's Kafka Connect, which reads topics and writes a database: records as Connect has them. */
@NullMarked
package dev.patronstream.connector.sink;

import org.jspecify.annotations.NullMarked;
