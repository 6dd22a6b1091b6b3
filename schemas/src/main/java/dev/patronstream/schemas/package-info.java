/**
 * The contracts between the stages: Avro records, keys, topics and their settings, and the serde for them.
 *
 * <p>The records are generated from {@code src/main/avro}; their documentation stands there, field by field.
 */
@NullMarked
package dev.patronstream.schemas;

import org.jspecify.annotations.NullMarked;
