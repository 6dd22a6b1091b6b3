package dev.patronstream.connector.database;

import dev.patronstream.schemas.secret.Secret;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Who signs in to SQL Server, and how: the one place that knows which of the driver's properties that is.
 *
 * @param user the account's name as the way of signing in has it
 * @param domain the Windows domain, in its short form
 * @param givenLogin the name of the account's login in SQL Server, where it does not follow from the others
 */
public record SignIn(
        Authentication authentication,
        Optional<String> user,
        Optional<Secret> password,
        Optional<String> domain,
        Optional<String> givenLogin) {

    private static final String JAAS = "jaasConfigurationName";

    /** What a way of signing in may need, by the names of the settings. */
    public enum Key {
        USER,
        PASSWORD,
        DOMAIN,
        LOGIN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public SignIn {
        Map<Key, Optional<?>> given =
                Map.of(Key.USER, user, Key.PASSWORD, password, Key.DOMAIN, domain, Key.LOGIN, givenLogin);
        for (Map.Entry<Key, Optional<?>> one : given.entrySet()) {
            boolean there = one.getValue().isPresent();
            if (there ? !authentication.uses(one.getKey()) : authentication.requires(one.getKey())) {
                throw new IllegalArgumentException(
                        "The sign-in " + authentication + (there ? " has no " : " needs a ") + one.getKey());
            }
        }
        if (authentication == Authentication.KERBEROS && user.isPresent() != password.isPresent()) {
            throw new IllegalArgumentException(
                    "With kerberos, user and password go together: write both, or neither to sign in with the ticket that"
                            + " is there");
        }
    }

    /** The sign-in with a login that SQL Server itself knows. */
    public static SignIn sql(String user, Secret password) {
        return new SignIn(
                Authentication.SQL, Optional.of(user), Optional.of(password), Optional.empty(), Optional.empty());
    }

    /** Returns the name of the account's login in SQL Server, and of its user in the database. */
    public String login() {
        return givenLogin.orElseGet(() -> domain.map(windows -> windows + "\\").orElse("") + user.orElseThrow());
    }

    /** Returns the driver's properties, with the password, for a connection that has these others. */
    Map<String, String> properties(Map<String, String> others) {
        Map<String, String> properties = new HashMap<>(authentication.properties());
        if (authentication == Authentication.KERBEROS && !others.containsKey(JAAS)) {
            // Without it the driver asks a configuration of the Java process, of which there is none by itself.
            properties.put("useDefaultJaasConfig", "true");
        }
        user.ifPresent(name -> properties.put("user", name));
        password.ifPresent(secret -> properties.put("password", secret.reveal()));
        domain.ifPresent(name -> properties.put("domain", name));
        return properties;
    }
}
