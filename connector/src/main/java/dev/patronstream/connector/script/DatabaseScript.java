package dev.patronstream.connector.script;

import static dev.patronstream.connector.database.TransactSql.name;
import static dev.patronstream.connector.database.TransactSql.text;

import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.check.RightsCheck;
import dev.patronstream.connector.database.Authentication.Directory;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.ServerAddress;
import dev.patronstream.connector.database.TransactSql;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.SourceTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The T-SQL around capture, for a database administrator to read and to run: as it is with {@code sqlcmd}, or in SSMS.
 *
 * <p>What it makes is what the configuration needs and no more: change data capture of the tables with just the
 * columns that some feed or contract uses, and an account that may read these columns, their change tables and the state
 * of the capture job. Every script can be run again; what is there already is left alone. No script holds a password.
 * Immutable.
 *
 * @see <a
 *     href="https://learn.microsoft.com/sql/relational-databases/track-changes/enable-and-disable-change-data-capture-sql-server">Microsoft:
 *     Enable and disable change data capture</a>
 * @see <a
 *     href="https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/change-data-capture-sys-dm-cdc-log-scan-sessions">Microsoft:
 *     sys.dm_cdc_log_scan_sessions</a>
 */
public final class DatabaseScript {

    /** The variable of sqlcmd that holds the account's password. */
    public static final String PASSWORD_VARIABLE = "PatronstreamPassword";

    private static final int USUAL_PORT = 1433;
    private static final Pattern PLACE = Pattern.compile("\\{\\{([\\['])?([\\w-]+)[\\]']?}}");

    private final DatabaseSettings settings;
    private final CapturedColumns columns;

    /** Makes the scripts for a database; nothing connects to it. */
    public DatabaseScript(DatabaseSettings settings, CapturedColumns columns) {
        this.settings = settings;
        this.columns = columns;
    }

    /** Returns the name of our capture instance of a table. */
    public static String captureInstance(SourceTable table) {
        return "patronstream_" + table;
    }

    /** Returns the script that sets everything up. */
    public String enable() {
        return script("enable");
    }

    /** Returns the script that lets the account read the columns that are polled, and nothing else. */
    public String poll() {
        return script("poll");
    }

    /** Returns the script that takes everything back, except the login and snapshot isolation, and says why. */
    public String undo() {
        return script("undo");
    }

    /** Returns the script before an update of Aeries, which may alter tables and truncate them. */
    public String beforeAeriesUpdate() {
        return script("before-aeries-update");
    }

    /** Returns the script after an update of Aeries, or after the configured columns have changed. */
    public String afterAeriesUpdate() {
        return script("after-aeries-update");
    }

    private String script(String purpose) {
        boolean onlyReads = purpose.equals("poll");
        Map<String, String> values = new HashMap<>(Map.of(
                "database",
                settings.database(),
                "server",
                server(settings.server()),
                "user",
                settings.user(),
                "role",
                DatabaseSettings.ROLE,
                "password",
                PASSWORD_VARIABLE));
        values.put(
                "allowed",
                onlyReads
                        ? "ISNULL(IS_MEMBER(N'db_owner'), 0) = 1 AND (SUSER_ID(" + text(settings.user())
                                + ") IS NOT NULL OR HAS_PERMS_BY_NAME(NULL, NULL, 'ALTER ANY LOGIN') = 1)"
                        : "ISNULL(IS_SRVROLEMEMBER(N'sysadmin'), 0) = 1");
        values.put(
                "by",
                onlyReads
                        ? "an owner of the database; to make the login, with ALTER ANY LOGIN, too"
                        : "a member of sysadmin");
        values.put(
                "missing",
                columns.tables().stream()
                        .map(table -> objectId(table) + " IS NULL")
                        .collect(Collectors.joining(" OR ")));
        values.put(
                "objects",
                Arrays.stream(SourceTable.values()).map(this::objectId).collect(Collectors.joining(", ")));
        values.put(
                "grants",
                RightsCheck.CAPTURE_TABLES.stream()
                        .map(table -> TransactSql.grantSelect("cdc", table, List.of(), DatabaseSettings.ROLE) + ";")
                        .collect(Collectors.joining("\n")));
        values.put(
                "tables",
                columns.tables().stream()
                        .map(table -> fill("capture-table", values(table)))
                        .collect(Collectors.joining("\n\n")));
        values.put(
                "readable",
                columns.tables().stream()
                        .map(table -> fill("read-table", values(table)))
                        .collect(Collectors.joining("\n\n")));
        // Of every table that may have been captured, whatever the configuration says now.
        values.put(
                "releases",
                Arrays.stream(SourceTable.values())
                        .map(table -> fill("release-table", values(table)))
                        .collect(Collectors.joining("\n")));
        boolean withPassword = settings.signIn().authentication().directory() == Directory.SQL_SERVER;
        values.put("origin", origin());
        for (String part : List.of("guards", "rights", "account", "job")) {
            values.put(part, fill(part, values));
        }
        values.put("run", fill(withPassword ? "run-with-password" : "run", values));
        values.put("password-guard", withPassword ? "\n\n" + fill("password-guard", values) : "");
        return fill(purpose, values) + "\n";
    }

    /** As sqlcmd has it. */
    private static String server(ServerAddress server) {
        return server.instance().isPresent()
                ? server.toString()
                : server.host()
                        + (server.port().orElseThrow() == USUAL_PORT
                                ? ""
                                : "," + server.port().getAsInt());
    }

    /** Where the login has its password from. */
    private String origin() {
        String database = name(settings.database());
        return switch (settings.signIn().authentication().directory()) {
            case SQL_SERVER -> "WITH PASSWORD = N'$(" + PASSWORD_VARIABLE + ")', DEFAULT_DATABASE = " + database;
            case WINDOWS -> "FROM WINDOWS WITH DEFAULT_DATABASE = " + database;
            case ENTRA -> "FROM EXTERNAL PROVIDER";
        };
    }

    private String objectId(SourceTable table) {
        return "OBJECT_ID(" + text(name(settings.schema(), table.name())) + ")";
    }

    private Map<String, String> values(SourceTable table) {
        String instance = captureInstance(table);
        return Map.of(
                "title",
                table + ": " + table.rows(),
                "required",
                TransactSql.names(columns.minimum(table)),
                "optional",
                optional(table),
                "instance",
                instance,
                "changes",
                instance + "_CT",
                "schema",
                settings.schema(),
                "table",
                table.name(),
                "role",
                DatabaseSettings.ROLE);
    }

    /** Which of a field's columns there are depends on the version of Aeries, so the script itself looks. */
    private String optional(SourceTable table) {
        List<String> lines = new ArrayList<>();
        for (ContractColumn column : columns.of(table)) {
            if (!columns.minimum(table).contains(column.names().get(0))) {
                lines.add(firstOf(table, column.names()) + " -- " + column.field());
            }
        }
        lines.add(firstOf(table, List.of(SourceTable.DELETED)) + " -- deleted");
        columns.extra(table)
                .forEach(extra -> lines.add("IF CHARINDEX(" + text(name(extra)) + ", @columns) = 0 AND"
                        + firstOf(table, List.of(extra)).substring(2) + " -- extra." + extra));
        return String.join("\n", lines);
    }

    private String firstOf(SourceTable table, List<String> names) {
        String tableName = name(settings.schema(), table.name());
        return names.stream()
                        .map(column -> "IF COL_LENGTH(" + text(tableName) + ", " + text(column)
                                + ") IS NOT NULL SET @columns += " + text(", " + name(column)))
                        .collect(Collectors.joining("; ELSE "))
                + ";";
    }

    /**
     * Fills a template beside this class. A place says how its value is written: {@code {{user}}} as it is, {@code
     * {{[user]}}} as a name of T-SQL, {@code {{'user'}}} as a literal. Places within the values stay as they are.
     */
    private static String fill(String template, Map<String, String> values) {
        return PLACE.matcher(read(template + ".sql").stripTrailing())
                .replaceAll(place -> Matcher.quoteReplacement(written(place, values)));
    }

    private static String written(MatchResult place, Map<String, String> values) {
        String value = Objects.requireNonNull(values.get(place.group(2)), place.group(2));
        if (place.group(1) == null) {
            return value;
        }
        return place.group(1).equals("[") ? name(value) : text(value);
    }

    private static String read(String resource) {
        try (InputStream file = Objects.requireNonNull(DatabaseScript.class.getResourceAsStream(resource), resource)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The template " + resource + " cannot be read", e);
        }
    }
}
