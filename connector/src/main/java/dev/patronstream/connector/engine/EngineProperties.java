package dev.patronstream.connector.engine;

import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.ServerAddress;
import dev.patronstream.connector.row.ColumnValues;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.schemas.topic.Topics;
import io.debezium.connector.sqlserver.SqlServerConnector;
import io.debezium.storage.kafka.history.KafkaSchemaHistory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * The configuration of Debezium's engine and its SQL Server connector, with the reasons.
 *
 * @see <a href="https://debezium.io/documentation/reference/stable/connectors/sqlserver.html">Debezium: connector for
 *     SQL Server</a>
 */
final class EngineProperties {

    private static final String HISTORY = "schema.history.internal.";

    private EngineProperties() {}

    static Properties of(
            Topics topics, Map<String, String> kafka, CaptureSettings settings, Source source, boolean afterSnapshot) {
        Properties properties = new Properties();
        engine(properties, topics);
        properties.putAll(connection(settings.database()));
        scope(properties, topics, settings.database(), source);
        behavior(properties, source, afterSnapshot, settings.limits());
        history(properties, topics, kafka);
        properties.putAll(settings.engine());
        return properties;
    }

    private static void engine(Properties properties, Topics topics) {
        properties.put("name", topics.connectorTransactionalId());
        properties.put("connector.class", SqlServerConnector.class.getName());
        properties.put("offset.storage", PublishedOffsetStore.class.getName());
        // Every failure ends the engine and comes to us: one way back, with back-off, visible, instead of two.
        properties.put("errors.max.retries", "0");
        properties.put("record.processing.threads", "1");
        properties.put("executor.shutdown.timeout.ms", "2000");
        properties.put("task.management.timeout.ms", "60000");
    }

    /** The same connection as ours: Debezium hands to the driver what begins with {@code driver}. */
    static Map<String, String> connection(DatabaseSettings database) {
        Map<String, String> properties = new HashMap<>();
        ServerAddress server = database.server();
        properties.put("database.hostname", server.host());
        server.port().ifPresent(port -> properties.put("database.port", Integer.toString(port)));
        server.instance().ifPresent(name -> properties.put("database.instance", name));
        properties.put("database.names", database.database());
        database.properties().forEach((name, value) -> properties.put("driver." + name, value));
        return properties;
    }

    private static void scope(Properties properties, Topics topics, DatabaseSettings database, Source source) {
        properties.put("topic.prefix", topics.district());
        List<TableColumns> tables = source.tables();
        properties.put(
                "table.include.list",
                tables.stream()
                        .map(table -> quoted(database.schema() + "." + table.table()))
                        .collect(Collectors.joining(",")));
        properties.put(
                "column.include.list",
                tables.stream()
                        .flatMap(table -> table.all().stream()
                                .map(column -> quoted(database.schema() + "." + table.table() + "." + column)))
                        .collect(Collectors.joining(",")));
    }

    /** A regular expression for a name, without the comma that would divide the list and blanks that would be trimmed. */
    private static String quoted(String name) {
        return name.chars()
                .mapToObj(c -> Character.isLetterOrDigit(c) ? Character.toString(c) : String.format("\\x{%x}", c))
                .collect(Collectors.joining());
    }

    private static void behavior(
            Properties properties, Source source, boolean afterSnapshot, CaptureSettings.Limits limits) {
        // Neither reads a row. "recovery" notes the definitions of now and streams from the offset it is given, where
        // every other mode that notes them begins at the end of the log; "no_data" goes on with those that were noted.
        properties.put("snapshot.mode", afterSnapshot ? "recovery" : "no_data");
        // Never the default, repeatable_read: it locks the tables of a school office at work.
        properties.put("snapshot.isolation.mode", source.snapshotIsolation() ? "snapshot" : "read_committed");
        properties.put("snapshot.locking.mode", "none");
        // Straight from the change tables: in the order of the commands of a transaction, which fn_cdc_get_all_changes
        // does not know, and without its error 313 when the clean-up has passed (we look for that ourselves).
        properties.put("data.query.mode", "direct");
        properties.put("tombstones.on.delete", "false");
        properties.put("converters", "text");
        properties.put("text.type", ColumnValues.TextConverter.class.getName());
        properties.put("skipped.operations", "none");
        long pollMillis = limits.pollInterval().toMillis();
        properties.put("poll.interval.ms", Long.toString(pollMillis));
        properties.put("heartbeat.interval.ms", Long.toString(Math.max(pollMillis, 500)));
        // A queue waits for a full batch or for the poll interval; nothing has to wait for what comes after it.
        properties.put("max.batch.size", "1");
        // Half of what may wait; the other half has been read by then.
        properties.put("max.queue.size", Integer.toString(Math.max(limits.maxWaitingRows() / 2, 2)));
    }

    private static void history(Properties properties, Topics topics, Map<String, String> kafka) {
        properties.put("schema.history.internal", KafkaSchemaHistory.class.getName());
        properties.put(HISTORY + "kafka.topic", topics.schemaHistory());
        properties.put(HISTORY + "kafka.bootstrap.servers", kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        properties.put(HISTORY + "store.only.captured.tables.ddl", "true");
        kafka.forEach((name, value) -> {
            properties.put(HISTORY + "producer." + name, value);
            properties.put(HISTORY + "consumer." + name, value);
        });
    }
}
