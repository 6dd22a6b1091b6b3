package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.ClientProperties;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.cli.config.setting.Values;
import dev.patronstream.connector.database.Authentication;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.ServerAddress;
import dev.patronstream.connector.database.SignIn;
import dev.patronstream.schemas.secret.Secret;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads where the database is, who signs in there and how ({@code sqlserver}). */
final class DatabaseReader {

    private static final Map<SignIn.Key, String> MISSING = Map.of(
            SignIn.Key.USER, "name the login that reads the database",
            SignIn.Key.PASSWORD, "write ${env:SQLSERVER_PASSWORD}, and set that variable before the start",
            SignIn.Key.DOMAIN, "write the account's Windows domain in its short form, like EAGLE",
            SignIn.Key.LOGIN, "write the name that the account has in SQL Server, like EAGLE\\patronstream");

    private static final String CERTIFICATE = "clientCertificate";

    /** What the driver has under names of its own, in small letters, and where it belongs. */
    private static final Map<String, String> OWN_KEYS = Map.ofEntries(
            Map.entry("servername", "host"),
            Map.entry("server", "host"),
            Map.entry("portnumber", "port"),
            Map.entry("port", "port"),
            Map.entry("instancename", "instance"),
            Map.entry("databasename", "database"),
            Map.entry("database", "database"),
            Map.entry("user", "user"),
            Map.entry("username", "user"),
            Map.entry("uid", "user"),
            Map.entry("password", "password"),
            Map.entry("domain", "domain"),
            Map.entry("domainname", "domain"),
            Map.entry("authentication", "authentication"),
            Map.entry("authenticationscheme", "authentication"),
            Map.entry("integratedsecurity", "authentication"),
            Map.entry("trusted_connection", "authentication"));

    private final Section section;
    private final boolean needed;

    /** Reads a section; its secrets are there if it is needed. */
    DatabaseReader(Section section, boolean needed) {
        this.section = section;
        this.needed = needed;
    }

    Optional<DatabaseSettings> read() {
        Optional<ServerAddress> server = server();
        String database = section.text("database");
        String schema = section.text("schema");
        Map<String, String> driver = driver();
        Optional<SignIn> signIn = signIn(driver.containsKey(CERTIFICATE));
        return server.flatMap(there -> signIn.flatMap(
                account -> section.build(() -> new DatabaseSettings(there, database, schema, account, driver))));
    }

    private Optional<ServerAddress> server() {
        String host = section.address("host");
        int port = section.integer("port");
        Optional<String> instance = section.optionalText("instance");
        if (host.contains("\\")) {
            section.wrong(
                    section.at("host"),
                    "has a backslash; write the named instance as sqlserver.instance, and here the host");
        }
        if (section.has("instance") && section.has("port")) {
            section.wrong(
                    section.at("instance"),
                    "stands beside sqlserver.port, and then the driver does not look for it; keep one of them");
        }
        return section.build(() ->
                instance.map(name -> ServerAddress.named(host, name)).orElseGet(() -> ServerAddress.at(host, port)));
    }

    private Optional<SignIn> signIn(boolean hasCertificate) {
        Optional<String> user = section.optionalText("user");
        Optional<Secret> password =
                section.secret("password", Part.DATABASE).map(secret -> Secret.of(needed ? secret.get() : ""));
        Optional<String> domain = section.optionalText("domain");
        Optional<String> login = section.optionalText("login");
        Optional<Authentication> way = section.has("authentication")
                ? section.optionalChoice("authentication").map(Values.constant(Authentication.class))
                : Optional.of(Authentication.SQL);
        way.ifPresent(authentication -> requireFit(authentication, user));
        if (way.filter(Authentication.ENTRA_SERVICE_PRINCIPAL_CERTIFICATE::equals)
                        .isPresent()
                && !hasCertificate) {
            section.wrong(section.at("driver"), "lacks the certificate; write driver: {" + CERTIFICATE + ": FILE}");
        }
        return way.flatMap(
                authentication -> section.build(() -> new SignIn(authentication, user, password, domain, login)));
    }

    private void requireFit(Authentication authentication, Optional<String> user) {
        for (SignIn.Key key : SignIn.Key.values()) {
            // A key with nothing behind it is refused as such.
            boolean there = section.has(key.toString()) || section.names().contains(key.toString());
            if (!there && authentication.requires(key)) {
                section.wrong(section.at(key.toString()), "is missing; " + MISSING.get(key));
            }
            if (there && !authentication.uses(key)) {
                section.wrong(
                        section.at(key.toString()),
                        "is not used with authentication: " + authentication + "; leave it out, or choose another"
                                + " authentication");
            }
        }
        if (authentication == Authentication.NTLM
                && user.filter(name -> name.contains("\\")).isPresent()) {
            section.wrong(
                    section.at("user"),
                    "has a backslash; write the Windows domain as sqlserver.domain, and here the name alone");
        }
        if (needed) {
            authentication
                    .missingLibrary()
                    .ifPresent(missing -> section.wrong(section.at("authentication"), authentication + " " + missing));
        }
    }

    private Map<String, String> driver() {
        Map<String, String> driver = section.properties("driver", Part.DATABASE, () -> ClientProperties.OF_DRIVER);
        for (String name : driver.keySet()) {
            String own = OWN_KEYS.get(name.toLowerCase(Locale.ROOT));
            if (own != null) {
                section.wrong(section.at("driver") + "." + name, "is written as sqlserver." + own);
            }
        }
        section.optionalChoice("encrypt").ifPresent(value -> driver.put("encrypt", value));
        if (section.has("trust-server-certificate")) {
            driver.put("trustServerCertificate", Boolean.toString(section.flag("trust-server-certificate")));
        }
        section.file("trust-store", Part.DATABASE).ifPresent(store -> driver.put("trustStore", store.toString()));
        section.secret("trust-store-password", Part.DATABASE)
                .filter(secret -> needed)
                .ifPresent(secret -> driver.put("trustStorePassword", secret.get()));
        section.optionalText("host-name-in-certificate").ifPresent(name -> driver.put("hostNameInCertificate", name));
        return driver;
    }
}
