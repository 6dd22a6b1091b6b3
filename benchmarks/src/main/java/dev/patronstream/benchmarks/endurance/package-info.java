/**
 * The endurance run: real processes, a district at work, a seeded schedule of faults, and at the end a judgment of every
 * topic and every file. {@code docs/endurance.md} is for those who run it.
 */
@NullMarked
package dev.patronstream.benchmarks.endurance;

import org.jspecify.annotations.NullMarked;
