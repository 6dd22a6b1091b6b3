package dev.patronstream.sandbox.district;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Makes a generated district in a Microsoft SQL Server that is there to try patronstream on: database, tables, rows,
 * change data capture, account. Run once; a second run finds the district and changes nothing. It never drops or
 * changes a database that it did not finish itself.
 *
 * <p>Takes its settings from the environment: {@code SQLSERVER_HOST}, {@code SQLSERVER_ADMIN_PASSWORD} of the login
 * {@code sa}, {@code SQLSERVER_PASSWORD} for the new account, {@code STUDENTS}.
 */
public final class DistrictMain {

    private static final String ACCOUNT = "patronstream";
    private static final String FINISHED = "patronstream_sandbox";
    private static final int SCHOOL_YEAR = 2026;
    private static final int SEED = 1;

    private final String host;
    private final String administratorPassword;
    private final String accountPassword;
    private final int students;

    private DistrictMain(Map<String, String> environment) {
        this.host = required(environment, "SQLSERVER_HOST");
        this.administratorPassword = required(environment, "SQLSERVER_ADMIN_PASSWORD");
        this.accountPassword = required(environment, "SQLSERVER_PASSWORD");
        this.students = Integer.parseInt(environment.getOrDefault("STUDENTS", "2000"));
    }

    /** Makes the district; exit code 1 with a message if it cannot. */
    public static void main(String[] arguments) {
        try {
            new DistrictMain(System.getenv()).make();
        } catch (IllegalStateException | IllegalArgumentException | SQLException e) {
            System.err.println("The district was not made: " + e.getMessage());
            System.exit(1);
        }
    }

    private void make() throws SQLException {
        String database = District.DATABASE;
        try (Connection server = connect("master")) {
            if (holds(server, "SELECT 1 FROM sys.databases WHERE name = N'" + database + "'")) {
                checkFinished(server, database);
                System.out.println("The district " + database + " is there already; nothing was changed.");
                return;
            }
            run(server, List.of("CREATE DATABASE [" + database + "]"));
        }
        try (Connection connection = connect(database)) {
            run(connection, DistrictSql.createTables());
            new District(new DistrictSettings(
                            SEED, students, SCHOOL_YEAR, LocalDate.now(ZoneId.of("America/Los_Angeles"))))
                    .load(new JdbcRowSink(connection));
            run(connection, DistrictSql.enableCapture(database, false));
            run(connection, DistrictSql.createAccount(ACCOUNT, accountPassword, false));
            run(
                    connection,
                    List.of("EXEC sys.sp_addextendedproperty @name = N'" + FINISHED + "', @value = N'finished'"));
        }
        System.out.println("The district " + database + " is ready, with " + students + " students.");
    }

    private static void checkFinished(Connection server, String database) throws SQLException {
        String finished = "SELECT 1 FROM [" + database + "].sys.extended_properties WHERE class = 0 AND name = N'"
                + FINISHED + "'";
        if (!holds(server, finished)) {
            throw new IllegalStateException(
                    "there is a database " + database + " that this program did not finish. If it"
                            + " is left from an interrupted start, remove it, and the login " + ACCOUNT
                            + " too (docker compose down --volumes), and start again");
        }
    }

    private Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "sa");
        properties.setProperty("password", administratorPassword);
        properties.setProperty("databaseName", database);
        // A server in a container has a certificate that it made itself.
        properties.setProperty("trustServerCertificate", "true");
        return DriverManager.getConnection("jdbc:sqlserver://" + host, properties);
    }

    private static boolean holds(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private static void run(Connection connection, List<String> batches) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String batch : batches) {
                statement.execute(batch);
            }
        }
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("the environment variable " + name + " is missing");
        }
        return value;
    }
}
