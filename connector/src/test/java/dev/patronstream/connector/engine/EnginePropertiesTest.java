package dev.patronstream.connector.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.database.Authentication;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.ServerAddress;
import dev.patronstream.connector.database.SignIn;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.schemas.secret.Secret;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the engine's connection is told, for every way to sign in: the same as ours, in words that the driver takes. */
class EnginePropertiesTest {

    private static DatabaseSettings database(ServerAddress server, SignIn signIn) {
        return new DatabaseSettings(server, "DST26000EAGLE", "dbo", signIn, Map.of("encrypt", "false"));
    }

    /** Everything that a way of signing in can have. */
    private static SignIn signIn(Authentication authentication) {
        return new SignIn(
                authentication,
                given(authentication, SignIn.Key.USER, "me"),
                given(authentication, SignIn.Key.PASSWORD, "secret").map(Secret::of),
                given(authentication, SignIn.Key.DOMAIN, "EAGLE"),
                given(authentication, SignIn.Key.LOGIN, "EAGLE\\me"));
    }

    private static Optional<String> given(Authentication authentication, SignIn.Key key, String value) {
        return authentication.uses(key) ? Optional.of(value) : Optional.empty();
    }

    private static Map<String, String> account(SignIn signIn) {
        Map<String, String> account = new TreeMap<>();
        EngineProperties.connection(database(ServerAddress.at("sis", 1433), signIn))
                .forEach((name, value) -> {
                    if (name.matches(
                            "driver\\.(user|password|domain|integratedSecurity|authentication.*|useDefaultJaasConfig)")) {
                        account.put(name.substring("driver.".length()), value);
                    }
                });
        return account;
    }

    @Test
    void aWaySaysItselfByTheDriversProperties() {
        Map<String, String> password = Map.of("user", "me", "password", "secret");
        assertEquals(password, account(signIn(Authentication.SQL)));
        Map<String, String> ntlm = new HashMap<>(password);
        ntlm.putAll(Map.of("integratedSecurity", "true", "authenticationScheme", "NTLM", "domain", "EAGLE"));
        assertEquals(ntlm, account(signIn(Authentication.NTLM)));
        assertEquals(
                Map.of(
                        "integratedSecurity", "true",
                        "authenticationScheme", "JavaKerberos",
                        "useDefaultJaasConfig", "true"),
                account(new SignIn(
                        Authentication.KERBEROS,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("EAGLE\\me"))));
        assertEquals(
                Map.of("authentication", "ActiveDirectoryManagedIdentity", "user", "me"),
                account(signIn(Authentication.ENTRA_MANAGED_IDENTITY)));
        assertEquals(
                Map.of("authentication", "ActiveDirectoryIntegrated"),
                account(signIn(Authentication.ENTRA_INTEGRATED)));
    }

    @Test
    void aPortAndAnInstanceAreNeverBothThere() {
        SignIn signIn = signIn(Authentication.SQL);
        Map<String, String> port = EngineProperties.connection(database(ServerAddress.at("sis", 1444), signIn));
        assertEquals("1444", port.get("database.port"));
        assertFalse(port.containsKey("database.instance"));
        Map<String, String> named = EngineProperties.connection(database(ServerAddress.named("sis", "AERIES"), signIn));
        assertEquals("AERIES", named.get("database.instance"));
        assertFalse(named.containsKey("database.port"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ServerAddress("sis", OptionalInt.of(1433), Optional.of("AERIES")));
    }

    /** The driver refuses what does not fit together before it connects to anything. */
    @ParameterizedTest
    @EnumSource(Authentication.class)
    void theDriverTakesWhatAWayHas(Authentication authentication) throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        DatabaseSettings database = new DatabaseSettings(
                ServerAddress.at("127.0.0.1", free),
                "DST26000EAGLE",
                "dbo",
                signIn(authentication),
                authentication == Authentication.ENTRA_SERVICE_PRINCIPAL_CERTIFICATE
                        ? Map.of("clientCertificate", "certificate.pfx")
                        : Map.of());
        SQLException error = assertThrows(SQLException.class, () -> SourceDatabase.connect(database));
        assertTrue(
                String.valueOf(error.getMessage()).startsWith("The TCP/IP connection to the host"), error.getMessage());
    }

    @ParameterizedTest
    @EnumSource(Authentication.class)
    void onlyTheWaysOfEntraNeedFurtherLibraries(Authentication authentication) {
        Optional<String> missing = authentication.missingLibrary();
        assertEquals(authentication.directory() == Authentication.Directory.ENTRA, missing.isPresent());
        missing.ifPresent(words -> assertTrue(words.contains("lib/more"), words));
    }
}
