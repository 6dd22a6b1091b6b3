/** Processes of an endurance run, and what stands between them. */
@org.jspecify.annotations.NullMarked
package dev.patronstream.benchmarks.endurance.process;
