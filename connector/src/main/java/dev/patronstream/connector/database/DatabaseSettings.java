package dev.patronstream.connector.database;

import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.secret.Secret;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How to reach the database.
 *
 * <p>The connection is encrypted and the server's certificate verified unless {@code driver} says otherwise.
 *
 * @param port the server's port, 1433 as a rule
 * @param schema the schema of the tables, {@code dbo} as a rule
 * @param driver further properties of Microsoft's driver, such as {@code encrypt}, {@code trustStore}
 * @see <a href="https://learn.microsoft.com/sql/connect/jdbc/setting-the-connection-properties">Microsoft: connection
 *     properties of the JDBC driver</a>
 */
public record DatabaseSettings(
        String host,
        int port,
        String database,
        String schema,
        String user,
        Secret password,
        Map<String, String> driver) {

    /** The role that has the user's rights; change data capture asks for it too. */
    public static final String ROLE = "patronstream_reader";

    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);

    public DatabaseSettings {
        if (Stream.of(host, database, schema, user).anyMatch(Text::isBlank)) {
            throw new IllegalArgumentException("host, database, schema and user of the SQL Server must not be blank");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("The SQL Server's port must be within 1..65535, not " + port);
        }
        driver = Map.copyOf(driver);
    }

    /** Returns the properties of Microsoft's driver for a connection: the configured ones over ours. */
    public Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        properties.put("loginTimeout", "10");
        // A server that is silent for so long counts as gone; a row that somebody holds a lock on is not.
        properties.put("socketTimeout", Long.toString(SOCKET_TIMEOUT.toMillis()));
        properties.put("applicationName", "patronstream");
        // A connection that is made again unseen may lead into a database that was restored meanwhile.
        properties.put("connectRetryCount", "0");
        properties.putAll(driver);
        return properties;
    }

    /** Without the driver's properties, which may hold secrets. */
    @Override
    public String toString() {
        return "DatabaseSettings[" + address() + "]";
    }

    /** Returns host, port and database, for messages. */
    public String address() {
        return host + ":" + port + "/" + database;
    }
}
