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
 * @param schema the schema of the tables, {@code dbo} as a rule
 * @param driver further properties of Microsoft's driver, such as {@code encrypt}, {@code trustStore}
 * @see <a href="https://learn.microsoft.com/sql/connect/jdbc/setting-the-connection-properties">Microsoft: connection
 *     properties of the JDBC driver</a>
 */
public record DatabaseSettings(
        ServerAddress server, String database, String schema, SignIn signIn, Map<String, String> driver) {

    /** The role that has the user's rights; change data capture asks for it too. */
    public static final String ROLE = "patronstream_reader";

    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);

    public DatabaseSettings {
        if (Stream.of(database, schema, signIn.login()).anyMatch(Text::isBlank)) {
            throw new IllegalArgumentException("database, schema and user of the SQL Server must not be blank");
        }
        driver = Map.copyOf(driver);
    }

    /** The usual: a port, and a login of SQL Server's own. */
    public DatabaseSettings(
            String host,
            int port,
            String database,
            String schema,
            String user,
            Secret password,
            Map<String, String> driver) {
        this(ServerAddress.at(host, port), database, schema, SignIn.sql(user, password), driver);
    }

    public DatabaseSettings withDatabase(String other) {
        return new DatabaseSettings(server, other, schema, signIn, driver);
    }

    public DatabaseSettings withServer(ServerAddress other) {
        return new DatabaseSettings(other, database, schema, signIn, driver);
    }

    public DatabaseSettings withSignIn(SignIn other) {
        return new DatabaseSettings(server, database, schema, other, driver);
    }

    /** Returns the name of the account, which its login in SQL Server and its user in the database have. */
    public String user() {
        return signIn.login();
    }

    /**
     * Returns the properties of Microsoft's driver for a connection, but server and database: the configured ones over
     * ours, and the sign-in, with its password, over both.
     */
    public Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        properties.put("loginTimeout", "10");
        // A server that is silent for so long counts as gone; a row that somebody holds a lock on is not.
        properties.put("socketTimeout", Long.toString(SOCKET_TIMEOUT.toMillis()));
        properties.put("applicationName", "patronstream");
        // A connection that is made again unseen may lead into a database that was restored meanwhile.
        properties.put("connectRetryCount", "0");
        properties.putAll(driver);
        properties.putAll(signIn.properties(driver));
        return properties;
    }

    /** Without the properties, which may hold secrets. */
    @Override
    public String toString() {
        return "DatabaseSettings[" + address() + "]";
    }

    /** Returns server and database, for messages. */
    public String address() {
        return server + "/" + database;
    }
}
