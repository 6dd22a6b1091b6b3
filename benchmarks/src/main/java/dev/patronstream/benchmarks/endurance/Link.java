package dev.patronstream.benchmarks.endurance;

/** A line that can be cut. */
enum Link {
    /** From the connector to the database. */
    SQLSERVER,
    /** From every client to the broker, and from the broker to itself. */
    KAFKA,
    /** From every service to the registry. */
    REGISTRY,
    /** From the snapshotter to the vendor. */
    SFTP
}
