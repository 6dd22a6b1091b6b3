package dev.patronstream.connector.database;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The statement that gives the account the right whose lack an error tells of.
 *
 * <p>The names are taken from the server's message, so in a server of another language only the right itself is known.
 */
public final class MissingGrant {

    private static final Pattern ON_COLUMN = Pattern.compile(
            "The (\\w+) permission was denied on the column '(.+?)' of the object '(.+?)', database '.+?', schema '(.+?)'");
    private static final Pattern ON_OBJECT =
            Pattern.compile("The (\\w+) permission was denied on the object '(.+?)', database '.+?', schema '(.+?)'");
    private static final Pattern IN_DATABASE = Pattern.compile("(VIEW DATABASE [A-Z ]*STATE) permission");
    private static final String CHANGES_FUNCTION = "fn_cdc_get_";

    private MissingGrant() {}

    static Optional<String> in(SQLException error, String user) {
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

    /** The right to see the scans of the capture job, on a server whose message does not name it. */
    public static String ofScans(SQLException error, String user) {
        return in(error, user).orElse("GRANT VIEW DATABASE STATE TO " + TransactSql.name(user));
    }
}
