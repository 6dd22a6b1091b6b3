package dev.patronstream.benchmarks.endurance;

/** A process that faults befall. */
enum Victim {
    CONNECTOR,
    STREAMS_APP,
    SNAPSHOTTER,
    KAFKA,
    SQLSERVER;

    /** Its name in words and file names; of a service the one of {@code run --only}. */
    String id() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
