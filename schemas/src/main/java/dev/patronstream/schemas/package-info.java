/**
 * The contracts between the stages: Avro records, their keys, and how values in them are read.
 *
 * <p>The records are generated from {@code src/main/avro}; their documentation stands there, field by field.
 */
@NullMarked
package dev.patronstream.schemas;

import org.jspecify.annotations.NullMarked;
