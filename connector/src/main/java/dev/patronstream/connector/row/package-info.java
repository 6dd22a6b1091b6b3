/** From rows as Debezium reads them to contract records; pure, without input or output. */
@NullMarked
package dev.patronstream.connector.row;

import org.jspecify.annotations.NullMarked;
