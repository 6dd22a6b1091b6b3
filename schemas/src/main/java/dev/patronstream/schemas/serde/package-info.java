/** How a contract's record becomes bytes: serializers, Confluent's wire format and the client of the schema registry. */
@NullMarked
package dev.patronstream.schemas.serde;

import org.jspecify.annotations.NullMarked;
