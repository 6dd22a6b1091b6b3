package dev.patronstream.benchmarks.endurance.fault;

import java.util.List;

/** A line that can be cut. */
public enum Link {
    /** From the connector to the database. */
    SQLSERVER,
    /** From every client to a broker, and from a single broker to itself. */
    KAFKA,
    /** From every service to the registry. */
    REGISTRY,
    /** From the snapshotter to the vendor. */
    SFTP,
    KAFKA_2,
    KAFKA_3;

    /** All of a run with so many brokers. */
    public static List<Link> all(int brokers) {
        return List.of(values()).subList(0, values().length - Victim.BROKERS.size() + brokers);
    }
}
