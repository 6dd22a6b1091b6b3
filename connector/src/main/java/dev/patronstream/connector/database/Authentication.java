package dev.patronstream.connector.database;

import static dev.patronstream.connector.database.SignIn.Key.DOMAIN;
import static dev.patronstream.connector.database.SignIn.Key.LOGIN;
import static dev.patronstream.connector.database.SignIn.Key.PASSWORD;
import static dev.patronstream.connector.database.SignIn.Key.USER;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ways to sign in to SQL Server that Microsoft's driver has in pure Java and without a person.
 *
 * @see <a href="https://learn.microsoft.com/sql/connect/jdbc/setting-the-connection-properties">Microsoft: the driver's
 *     properties {@code authentication} and {@code authenticationScheme}</a>
 */
@SuppressWarnings("ImmutableEnumChecker") // Made by Map.of and Set.of.
public enum Authentication {
    /** A login that SQL Server itself knows. */
    SQL(Map.of(), Set.of(USER, PASSWORD), Set.of()),
    NTLM(windows("NTLM"), Set.of(USER, PASSWORD, DOMAIN), Set.of(LOGIN)),
    /** With user and password, or with the ticket that is there. */
    KERBEROS(windows("JavaKerberos"), Set.of(LOGIN), Set.of(USER, PASSWORD)),
    ENTRA_PASSWORD(entra("Password"), Set.of(USER, PASSWORD), Set.of(LOGIN)),
    ENTRA_INTEGRATED(entra("Integrated"), Set.of(LOGIN), Set.of()),
    /** The user is the client id of an identity that the machine has beside its own. */
    ENTRA_MANAGED_IDENTITY(entra("ManagedIdentity"), Set.of(LOGIN), Set.of(USER)),
    /** The user is the client id. */
    ENTRA_SERVICE_PRINCIPAL(entra("ServicePrincipal"), Set.of(USER, PASSWORD, LOGIN), Set.of()),
    /** Certificate and key are further properties of the driver; the password is the certificate's. */
    ENTRA_SERVICE_PRINCIPAL_CERTIFICATE(entra("ServicePrincipalCertificate"), Set.of(USER, LOGIN), Set.of(PASSWORD)),
    ENTRA_DEFAULT(entra("Default"), Set.of(LOGIN), Set.of(USER));

    /** Where SQL Server has an account from. */
    public enum Directory {
        SQL_SERVER,
        WINDOWS,
        ENTRA
    }

    private static final String FEATURES =
            "https://learn.microsoft.com/sql/connect/jdbc/feature-dependencies-of-microsoft-jdbc-driver-for-sql-server";

    private final Map<String, String> properties;
    private final Set<SignIn.Key> required;
    private final Set<SignIn.Key> optional;

    Authentication(Map<String, String> properties, Set<SignIn.Key> required, Set<SignIn.Key> optional) {
        this.properties = properties;
        this.required = required;
        this.optional = optional;
    }

    private static Map<String, String> windows(String scheme) {
        return Map.of("integratedSecurity", "true", "authenticationScheme", scheme);
    }

    private static Map<String, String> entra(String way) {
        return Map.of("authentication", "ActiveDirectory" + way);
    }

    /** The driver's properties, but those of the account. */
    Map<String, String> properties() {
        return properties;
    }

    public boolean requires(SignIn.Key key) {
        return required.contains(key);
    }

    public boolean uses(SignIn.Key key) {
        return required.contains(key) || optional.contains(key);
    }

    public Directory directory() {
        return switch (this) {
            case SQL -> Directory.SQL_SERVER;
            case NTLM, KERBEROS -> Directory.WINDOWS;
            default -> Directory.ENTRA;
        };
    }

    /** Returns which library is missing in this process, and where it has to be put. */
    public Optional<String> missingLibrary() {
        boolean identity = this == ENTRA_MANAGED_IDENTITY || this == ENTRA_DEFAULT;
        if (directory() != Directory.ENTRA
                || (isThere("com.microsoft.aad.msal4j.PublicClientApplication")
                        && (!identity || isThere("com.azure.identity.DefaultAzureCredential")))) {
            return Optional.empty();
        }
        return Optional.of("needs Microsoft's " + (identity ? "com.azure:azure-identity" : "com.microsoft.azure:msal4j")
                + ", which is not part of patronstream; put its jar file and those of everything that it needs into the"
                + " folder lib/more of the installation, in the versions that " + FEATURES + " names");
    }

    private static boolean isThere(String type) {
        try {
            Class.forName(type, false, SQLServerDriver.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** The name in the configuration. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
