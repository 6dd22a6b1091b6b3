package org.apache.kafka.common.utils;

/**
 * Stands where Debezium 3.6 looks for this class of Kafka's, which Kafka 4.4 has moved. Kafka 4.3 is no choice: its broker
 * can be made to run out of memory before anyone has signed in (CVE-2026-111115). Remove it with the first Debezium that
 * is built on Kafka 4.4.
 */
public final class Sanitizer {

    private Sanitizer() {}

    /** Quotes a name for JMX where it has to be. */
    public static String jmxSanitize(String name) {
        return org.apache.kafka.common.utils.internals.Sanitizer.jmxSanitize(name);
    }
}
