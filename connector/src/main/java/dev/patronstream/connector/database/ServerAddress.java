package dev.patronstream.connector.database;

import dev.patronstream.schemas.Text;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a SQL Server is: at a port, or an instance whose port the host's SQL Server Browser knows.
 *
 * <p>Never both: the driver, and Debezium, pass over the instance where they have a port.
 */
public record ServerAddress(String host, OptionalInt port, Optional<String> instance) {

    public ServerAddress {
        if (Text.isBlank(host) || instance.filter(Text::isBlank).isPresent()) {
            throw new IllegalArgumentException("The SQL Server's host and instance must not be blank");
        }
        if (port.isPresent() == instance.isPresent()) {
            throw new IllegalArgumentException("A SQL Server is at a port, or it is a named instance");
        }
        if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65_535)) {
            throw new IllegalArgumentException("The SQL Server's port must be within 1..65535, not " + port.getAsInt());
        }
    }

    public static ServerAddress at(String host, int port) {
        return new ServerAddress(host, OptionalInt.of(port), Optional.empty());
    }

    public static ServerAddress named(String host, String instance) {
        return new ServerAddress(host, OptionalInt.empty(), Optional.of(instance));
    }

    /** As the driver's URL has it: {@code sis.eagle.example:1433} or {@code sis.eagle.example\AERIES}. */
    @Override
    public String toString() {
        return host + instance.map(name -> "\\" + name).orElseGet(() -> ":" + port.orElseThrow());
    }
}
