/** What goes wrong in an endurance run, and when: a function of the seed. */
@org.jspecify.annotations.NullMarked
package dev.patronstream.benchmarks.endurance.fault;
