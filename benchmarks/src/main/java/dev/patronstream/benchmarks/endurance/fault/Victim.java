package dev.patronstream.benchmarks.endurance.fault;

import java.util.List;
import java.util.Locale;

/** A process that faults befall. */
public enum Victim {
    CONNECTOR,
    STREAMS_APP,
    SNAPSHOTTER,
    KAFKA,
    SQLSERVER,
    KAFKA_2,
    KAFKA_3;

    /** The brokers, of which a run has one or all. */
    public static final List<Victim> BROKERS = List.of(KAFKA, KAFKA_2, KAFKA_3);

    /** All of a run with so many brokers. */
    public static List<Victim> all(int brokers) {
        List<Victim> left = BROKERS.subList(brokers, BROKERS.size());
        return List.of(values()).stream()
                .filter(victim -> !left.contains(victim))
                .toList();
    }

    /** Its name in words and file names; of a service the one of {@code run --only}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
