/** The district's Kafka and registry, the processes that use them, and what commands ask of the topics. */
@NullMarked
package dev.patronstream.cli.cluster;

import org.jspecify.annotations.NullMarked;
