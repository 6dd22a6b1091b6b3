package dev.patronstream.embedded.kafka;

import dev.patronstream.schemas.secret.OwnerOnly;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The account that may do everything on an embedded broker that asks who its clients are. Its password lies in the
 * broker's folder, readable by the owner alone; who can read it runs as the same user. Immutable; the password never
 * appears in {@link #toString}.
 */
public final class BrokerAccount {

    /** Name of the account. */
    public static final String NAME = "patronstream";

    private static final String FILE = "kafka-secret";

    private final String password;

    private BrokerAccount(String password) {
        this.password = password;
    }

    /**
     * Returns the account of a broker's folder; makes its password if there is none yet.
     *
     * @throws java.io.UncheckedIOException if it can be neither read nor written
     */
    public static BrokerAccount ensure(Path directory) {
        return new BrokerAccount(OwnerOnly.ensureSecret(directory.resolve(FILE)));
    }

    /**
     * Returns the account of a broker's folder, if there is one.
     *
     * @throws java.io.UncheckedIOException if it is there and cannot be read, as for anybody but its owner
     */
    public static Optional<BrokerAccount> find(Path directory) {
        return OwnerOnly.secret(directory.resolve(FILE)).map(BrokerAccount::new);
    }

    /** Returns what every client of the broker needs besides its address. */
    public Map<String, String> clientProperties() {
        return Map.of(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", login(""));
    }

    /** For the broker's own settings: who may sign in with this mechanism, and as whom the broker does itself. */
    String brokerLogin() {
        return login(" user_" + NAME + "=\"" + password + "\"");
    }

    private String login(String more) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + NAME + "\" password=\""
                + password + "\"" + more + ";";
    }

    @Override
    public String toString() {
        return "BrokerAccount[" + NAME + "]";
    }
}
