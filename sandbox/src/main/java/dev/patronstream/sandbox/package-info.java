/** The surroundings of a district on one machine: SQL Server stand-in, Kafka, registry, SFTP server. */
@NullMarked
package dev.patronstream.sandbox;

import org.jspecify.annotations.NullMarked;
