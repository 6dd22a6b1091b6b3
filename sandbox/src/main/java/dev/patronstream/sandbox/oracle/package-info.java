/**
 * What a delivered file should hold: a second, independent reading of the rules, straight from the source tables. Shares
 * no code and no types with the stages it judges.
 */
@NullMarked
package dev.patronstream.sandbox.oracle;

import org.jspecify.annotations.NullMarked;
