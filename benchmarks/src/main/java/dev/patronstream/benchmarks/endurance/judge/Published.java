package dev.patronstream.benchmarks.endurance.judge;

/**
 * A committed record of a contract topic.
 *
 * @param lsn commit LSN of the change, or the LSN of the snapshot
 * @param state the row as text, {@link SourceTable#ABSENT} for a tombstone
 */
record Published(String key, String lsn, long epoch, long offset, String state) {}
