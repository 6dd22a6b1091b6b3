package dev.patronstream.cli.config.setting;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Reads further properties of a client: those that are secrets by their name must be references, and a name that is nearly
 * one of the client's is taken for a misspelled one, since the client would do without it and say nothing.
 */
public final class ClientProperties {

    /** Names of properties that hold secrets, also with a letter missing. */
    private static final Pattern SECRET = Pattern.compile(
            "pas+w|pwd|secret|jaas|user\\.?info|token$|credentials$|keystore\\.key|private.?key",
            Pattern.CASE_INSENSITIVE);

    public static final Set<String> OF_KAFKA = ofKafka();
    public static final Set<String> OF_DRIVER = ofDriver();

    private final Section section;
    private final Part part;
    private final boolean needed;
    private final Supplier<Set<String>> clients;

    ClientProperties(Section section, Part part, boolean needed, Supplier<Set<String>> clients) {
        this.section = section;
        this.part = part;
        this.needed = needed;
        this.clients = clients;
    }

    Map<String, String> read() {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String name : section.names()) {
            Suggestion.misspelled(name, clients.get())
                    .ifPresent(meant -> section.wrong(
                            section.at(name), "is nothing that the client knows; did you mean " + meant + "?"));
            if (SECRET.matcher(name).find()) {
                section.secret(name, part)
                        .filter(secret -> needed)
                        .ifPresent(secret -> properties.put(name, secret.get()));
            } else {
                section.clientText(name).ifPresent(value -> properties.put(name, value));
            }
        }
        return properties;
    }

    /** What stands before a colon without a blank behind it was meant as the key; what stands behind it may be secret. */
    static String shown(String key) {
        return SECRET.matcher(key).find() ? key.replaceFirst("[:=].*", "") : key;
    }

    private static Set<String> ofKafka() {
        Set<String> names = new TreeSet<>(AdminClientConfig.configNames());
        names.addAll(ConsumerConfig.configNames());
        names.addAll(ProducerConfig.configNames());
        return names;
    }

    private static Set<String> ofDriver() {
        Set<String> names = new TreeSet<>();
        try {
            for (DriverPropertyInfo property :
                    new SQLServerDriver().getPropertyInfo("jdbc:sqlserver://localhost", new Properties())) {
                names.add(property.name);
            }
        } catch (SQLException e) {
            // Without names, nothing is taken for a misspelled one; the driver says what it does not understand.
        }
        return names;
    }
}
