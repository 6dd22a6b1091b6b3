package dev.patronstream.connector;

import java.util.List;

/**
 * Loggers that print rows, and so names and e-mails of children, when someone turns them up. Anyone who configures logging
 * keeps them at {@code INFO} or above, whatever level the loggers around them have.
 *
 * @see <a href="https://debezium.io/documentation/reference/stable/operations/logging.html">Debezium: logging</a>
 */
public final class PrivateLoggers {

    /** At {@code TRACE} Debezium stops to redact rows, here and in every other of its loggers. */
    public static final String DEBEZIUM_ROWS = "io.debezium.util.Loggings";

    /** At {@code TRACE} Kafka's producer prints each record's key and value. */
    public static final String KAFKA_RECORDS = "org.apache.kafka.clients.producer.KafkaProducer";

    /** At {@code FINER} (java.util.logging) Microsoft's driver prints the values it reads and the parameters it sends. */
    public static final String JDBC_VALUES = "com.microsoft.sqlserver.jdbc";

    /** All of them. */
    public static final List<String> ALL = List.of(DEBEZIUM_ROWS, KAFKA_RECORDS, JDBC_VALUES);

    private PrivateLoggers() {}
}
