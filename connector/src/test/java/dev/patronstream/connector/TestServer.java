package dev.patronstream.connector;

import dev.patronstream.standin.SqlServerStandIn;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where a test's database is: on a stand-in, or on Microsoft's server.
 *
 * @param driver properties of the driver
 */
record TestServer(String host, int port, String database, String user, String password, Map<String, String> driver) {

    static TestServer of(SqlServerStandIn standIn) {
        return new TestServer(
                "127.0.0.1",
                standIn.port(),
                standIn.database(),
                standIn.user(),
                standIn.password(),
                Map.of("encrypt", "false"));
    }

    TestServer withDatabase(String other) {
        return new TestServer(host, port, other, user, password, driver);
    }

    String jdbcUrl() {
        return "jdbc:sqlserver://" + host + ":" + port + ";databaseName=" + database
                + driver.entrySet().stream()
                        .map(property -> ";" + property.getKey() + "=" + property.getValue())
                        .collect(Collectors.joining());
    }
}
