package dev.patronstream.connector.database;

import dev.patronstream.connector.status.CaptureException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSException;

/**
 * What errors of the server mean for capture.
 *
 * @see <a href="https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors">Microsoft:
 *     database engine errors</a>
 */
public final class SourceErrors {

    private static final int INVALID_OBJECT = 208;
    private static final int PERMISSION_DENIED = 229;
    private static final int COLUMN_PERMISSION_DENIED = 230;
    private static final int CANNOT_OPEN_DATABASE = 4060;
    private static final int LOGIN_UNTRUSTED = 18_452;
    private static final int LOGIN_FAILED = 18_456;

    /** Chosen as the victim of a deadlock; a lock request that timed out. */
    private static final Set<Integer> LOCKED = Set.of(1205, 1222);

    private static final int CDC_NOT_ENABLED = 22_901;

    /** No right on the object, none to see the state of the database or the server, or no such view. */
    private static final Set<Integer> DENIED =
            Set.of(INVALID_OBJECT, PERMISSION_DENIED, COLUMN_PERMISSION_DENIED, 262, 297, 300, 371);

    private static final Pattern ON_COLUMN = Pattern.compile(
            "The (\\w+) permission was denied on the column '(.+?)' of the object '(.+?)', database '.+?', schema '(.+?)'");
    private static final Pattern ON_OBJECT =
            Pattern.compile("The (\\w+) permission was denied on the object '(.+?)', database '.+?', schema '(.+?)'");
    private static final Pattern IN_DATABASE = Pattern.compile("(VIEW DATABASE [A-Z ]*STATE) permission");
    private static final Pattern CONNECTION = Pattern.compile(" *ClientConnectionId:\\S+$");
    private static final String BROWSER_PORT = "1434";
    private static final String CHANGES_FUNCTION = "fn_cdc_get_";

    private SourceErrors() {}

    /** Returns what a person has to do in the database, where it is not fit for capture as it is. */
    public static Optional<CaptureException> unfit(DatabaseSettings database, Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof CaptureException known) {
                return Optional.of(known);
            }
            if (cause instanceof SQLException sql) {
                Optional<String> advice = advice(database, sql);
                if (advice.isPresent()) {
                    return advice.map(text -> new CaptureException(text, error));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> advice(DatabaseSettings database, SQLException error) {
        ServerAddress server = database.server();
        Optional<String> kerberos = kerberos(server, error);
        if (kerberos.isPresent()) {
            return kerberos;
        }
        return switch (error.getErrorCode()) {
            case LOGIN_FAILED, LOGIN_UNTRUSTED -> Optional.of(refused(database, error));
            case CANNOT_OPEN_DATABASE ->
                Optional.of("The SQL Server at " + server + " cannot open database '"
                        + database.database() + "' for user '" + database.user()
                        + "'. Check the database's name, and that the login has a user in it: USE "
                        + TransactSql.name(database.database()) + "; CREATE USER " + TransactSql.name(database.user())
                        + " FOR LOGIN " + TransactSql.name(database.user())
                        + "; or run what `patronstream sql` prints");
            case PERMISSION_DENIED, COLUMN_PERMISSION_DENIED ->
                Optional.of("User '" + database.user()
                        + "' lacks a right in database '" + database.database() + "': " + error.getMessage()
                        + " Grant it: "
                        + missingGrant(error, database.user()).orElse("run what `patronstream sql` prints"));
            case INVALID_OBJECT, CDC_NOT_ENABLED ->
                isAboutCapture(error)
                        ? Optional.of("Change data capture cannot be read in database '" + database.database()
                                + "': " + error.getMessage()
                                + " Enable it: run what `patronstream sql` prints")
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static String refused(DatabaseSettings database, SQLException error) {
        Authentication authentication = database.signIn().authentication();
        String tried =
                "The SQL Server at " + database.server() + " refused the login of user '" + database.user() + "'";
        String script = "the account is made by what `patronstream sql` prints";
        if (authentication == Authentication.SQL) {
            return tried + ". Check user and password, and that the server takes SQL Server logins; " + script;
        }
        String said = tried + " by " + authentication + ": " + firstLine(error.getMessage());
        return error.getErrorCode() == LOGIN_UNTRUSTED
                ? said
                        + " It says the same of a wrong password, an unknown user, and a domain that it does not trust. Check"
                        + " sqlserver.user, sqlserver.password and sqlserver.domain, the domain's short name, like EAGLE"
                : said + " Check that this is the account's name in SQL Server (sqlserver.login), and that its login is"
                        + " enabled; " + script;
    }

    private static Stream<Throwable> causes(Throwable error) {
        return Stream.iterate(error, Objects::nonNull, Throwable::getCause);
    }

    /** What went wrong with Kerberos before the server was asked; the driver has the server's error number for it, too. */
    private static Optional<String> kerberos(ServerAddress server, SQLException error) {
        return causes(error)
                .filter(cause -> cause instanceof LoginException || cause instanceof GSSException)
                .findFirst()
                .flatMap(cause -> causes(cause)
                        .map(Throwable::getMessage)
                        .filter(Objects::nonNull)
                        .findFirst())
                .map(message -> "There is no Kerberos sign-in to the SQL Server at " + server + ": "
                        + firstLine(message).replaceFirst("\\.?$", ". ")
                        + "It needs the realm in /etc/krb5.conf; a ticket of the account that runs patronstream (klist shows"
                        + " it, kinit gets it), or sqlserver.user and sqlserver.password; the server's full name as"
                        + " sqlserver.host, and in the domain its service name MSSQLSvc/<host>:<port> (setspn -L)");
    }

    /**
     * Returns the statement that gives the account the right whose lack an error tells of. The names are taken from the
     * server's message, so in a server of another language only the right itself is known.
     */
    private static Optional<String> missingGrant(SQLException error, String user) {
        String message = String.valueOf(error.getMessage());
        Matcher column = ON_COLUMN.matcher(message);
        if (column.find()) {
            return Optional.of(
                    TransactSql.grantSelect(column.group(4), column.group(3), List.of(column.group(2)), user));
        }
        Matcher object = ON_OBJECT.matcher(message);
        if (object.find()) {
            return Optional.of(
                    object.group(2).startsWith(CHANGES_FUNCTION)
                            ? "ALTER ROLE " + TransactSql.name(DatabaseSettings.ROLE) + " ADD MEMBER "
                                    + TransactSql.name(user)
                            : "GRANT " + object.group(1) + " ON " + TransactSql.name(object.group(3), object.group(2))
                                    + " TO " + TransactSql.name(user));
        }
        Matcher database = IN_DATABASE.matcher(message);
        return database.find()
                ? Optional.of("GRANT " + database.group(1) + " TO " + TransactSql.name(user))
                : Optional.empty();
    }

    /** Returns the statement that lets the account see the scans of the capture job, whatever the message names. */
    public static String grantOfScans(SQLException error, String user) {
        return missingGrant(error, user).orElse("GRANT VIEW DATABASE STATE TO " + TransactSql.name(user));
    }

    private static boolean isAboutCapture(SQLException error) {
        String message = String.valueOf(error.getMessage());
        return error.getErrorCode() == CDC_NOT_ENABLED || message.contains("cdc.");
    }

    /** Whether a query gave way to somebody who had locked what it wanted to read. */
    public static boolean isLocked(SQLException error) {
        return LOCKED.contains(error.getErrorCode());
    }

    /** Passes over an error that says that the account may not see something; throws every other one. */
    static void requireDenied(SQLException error) throws SQLException {
        if (!DENIED.contains(error.getErrorCode())) {
            throw error;
        }
    }

    /** Passes over an error that the server answered with; throws one of the way there, which says nothing of the server. */
    static void requireAnswer(SQLException error) throws SQLException {
        if (error.getErrorCode() == 0) {
            throw error;
        }
    }

    /** Returns what happened, in a line, for one who waits for it to pass. */
    public static String reason(DatabaseSettings database, Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                String said = firstLine(sql.getMessage());
                return database.server().instance().isPresent() && said.contains(BROWSER_PORT)
                        ? "The SQL Server at " + database.server()
                                + " was not found: the SQL Server Browser of that host"
                                + " did not say where the instance is. It does not run, a firewall stops UDP port "
                                + BROWSER_PORT + ", or it knows no such instance. Start it, correct sqlserver.instance,"
                                + " or write sqlserver.port in its place, which needs no browser"
                        : "The SQL Server at " + database.server() + " does not answer as it should: " + said;
            }
        }
        Throwable last = error;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return firstLine(last.getMessage() == null ? last.toString() : last.getMessage());
    }

    /** Returns what a person has to do, or, where that is not known, what happened. */
    public static String said(DatabaseSettings database, Throwable error) {
        return unfit(database, error)
                .map(known -> String.valueOf(known.getMessage()))
                .orElseGet(() -> reason(database, error));
    }

    /** Without the number that the driver gives a connection. */
    private static String firstLine(String text) {
        return text == null
                ? "no message"
                : text.lines()
                        .findFirst()
                        .map(line -> CONNECTION.matcher(line).replaceFirst(""))
                        .orElse("no message");
    }
}
