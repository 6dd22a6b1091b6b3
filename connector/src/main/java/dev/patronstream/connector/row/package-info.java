/**
 * From rows as Debezium reads them to contract records; pure, without input or output. Debezium makes the converter that
 * packs a value, by its name.
 */
@NullMarked
package dev.patronstream.connector.row;

import org.jspecify.annotations.NullMarked;
