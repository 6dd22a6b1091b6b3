package dev.patronstream.connector.script;

import static dev.patronstream.connector.source.TransactSql.name;
import static dev.patronstream.connector.source.TransactSql.text;

import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.source.CapturedColumns;
import dev.patronstream.connector.source.DatabaseSettings;
import dev.patronstream.connector.source.RightsCheck;
import dev.patronstream.connector.source.TransactSql;
import java.util.Arrays;
import java.util.List;
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
        return String.join(
                "\n",
                """
                -- Sets up what patronstream needs in %s. Run it as a member of sysadmin;
                -- it can be run again, and leaves alone what is there already.
                --
                --   sqlcmd   put the new account's password into the environment variable %s, then
                --            sqlcmd -S %s -b -i FILE
                --   SSMS     Query > SQLCMD Mode, and as the first line:  :setvar %s "..."
                --
                -- To take it back: patronstream sql --undo
                """.formatted(settings.database(), PASSWORD_VARIABLE, server(), PASSWORD_VARIABLE),
                guards(),
                passwordGuard(),
                """
                -- 1. Change data capture of the database. It reads the transaction log, so no table and no program
                --    of Aeries is changed by it; SQL Server Agent has to run. Error 22830 or 15517 here means that
                --    this server does not know the owner of a database that came from another one; then first:
                --    ALTER AUTHORIZATION ON DATABASE::%s TO [sa];
                IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() AND is_cdc_enabled = 1)
                    EXEC sys.sp_cdc_enable_db;
                GO

                -- 2. Snapshot isolation, so that the first reading sees one point in time and locks nothing.
                --    The statement waits for transactions that are open now.
                IF EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() AND snapshot_isolation_state <> 1)
                    ALTER DATABASE %s SET ALLOW_SNAPSHOT_ISOLATION ON;
                GO

                -- 3. The role that has the rights.
                IF DATABASE_PRINCIPAL_ID(%s) IS NULL
                    CREATE ROLE %s;
                GO
                """.formatted(
                                name(settings.database()),
                                name(settings.database()),
                                text(RightsCheck.ROLE),
                                name(RightsCheck.ROLE)),
                "-- 4. The tables: each with the columns that are needed, as far as this version of Aeries has them.\n",
                tables(),
                rights(),
                account(),
                job(),
                end("Done. Now run: patronstream check"));
    }

    /** Returns the script that takes everything back, except the login and snapshot isolation, and says why. */
    public String undo() {
        return String.join(
                "\n",
                """
                -- Takes back in %s what `patronstream sql` has set up. Run it as a member of sysadmin, with
                -- patronstream stopped. The topics and what was delivered stay as they are.
                """.formatted(settings.database()),
                guards(),
                disableTables(),
                """
                -- Change data capture of the database, unless another program uses it.
                IF EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() AND is_cdc_enabled = 1)
                BEGIN
                    IF EXISTS (SELECT 1 FROM cdc.change_tables)
                        PRINT 'Change data capture stays on: other capture instances are there (cdc.change_tables).';
                    ELSE
                        EXEC sys.sp_cdc_disable_db;
                END
                GO

                -- The account in this database, and the role with all its rights.
                IF DATABASE_PRINCIPAL_ID(%1$s) IS NOT NULL
                    DROP USER %2$s;
                GO
                IF DATABASE_PRINCIPAL_ID(%3$s) IS NOT NULL
                    DROP ROLE %4$s;
                GO

                -- Left as they are, because other databases or programs may use them; to take them back too:
                --   DROP LOGIN %2$s;
                --   ALTER DATABASE %5$s SET ALLOW_SNAPSHOT_ISOLATION OFF;
                """.formatted(
                                text(settings.user()),
                                name(settings.user()),
                                text(RightsCheck.ROLE),
                                name(RightsCheck.ROLE),
                                name(settings.database())),
                end("Done."));
    }

    /** Returns the script before an update of Aeries, which may alter tables and truncate them. */
    public String beforeAeriesUpdate() {
        return String.join(
                "\n",
                """
                -- Before an update of Aeries: stops the capture of the tables in %s, so that the update can
                -- alter and truncate them (SQL Server refuses TRUNCATE on a captured table, error 4711).
                -- After the update: patronstream sql --after-aeries-update
                -- In between nothing is captured. Afterwards the connector takes a new snapshot by itself and writes
                -- only what has changed, so nothing is lost and nothing is sent twice.
                """.formatted(settings.database()),
                guards(),
                disableTables(),
                """
                IF EXISTS (SELECT 1 FROM sys.tables WHERE is_tracked_by_cdc = 1 AND object_id IN (%s))
                    PRINT 'Another program still captures one of the tables (EXEC sys.sp_cdc_help_change_data_capture): the update may fail on it.';
                GO
                """.formatted(objectIds()),
                end("Done. The update of Aeries can begin."));
    }

    /** Returns the script after an update of Aeries, or after the configured columns have changed. */
    public String afterAeriesUpdate() {
        return String.join(
                "\n",
                """
                -- After an update of Aeries (or when the configuration needs other columns, after
                -- --before-aeries-update): captures the tables in %s anew, with the columns that they have now.
                """.formatted(settings.database()),
                guards(),
                """
                IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() AND is_cdc_enabled = 1)
                   OR DATABASE_PRINCIPAL_ID(%s) IS NULL
                BEGIN
                    RAISERROR (N'This database is not set up for patronstream. Run the whole script: patronstream sql', 16, 1);
                    SET NOEXEC ON;
                END
                GO
                """.formatted(text(RightsCheck.ROLE)),
                tables(),
                rights(),
                job(),
                end("Done. Now run: patronstream check"));
    }

    private String server() {
        return settings.port() == 1433 ? settings.host() : settings.host() + "," + settings.port();
    }

    private String guards() {
        String missing = columns.tables().stream()
                .map(table -> "OBJECT_ID(" + text(name(settings.schema(), table.name())) + ") IS NULL")
                .collect(Collectors.joining(" OR "));
        return """
                USE %s;
                GO
                SET NOCOUNT ON;
                IF ISNULL(IS_SRVROLEMEMBER(N'sysadmin'), 0) <> 1
                BEGIN
                    RAISERROR (N'Nothing was done: run this as a member of sysadmin.', 16, 1);
                    SET NOEXEC ON;
                END
                GO
                IF %s
                BEGIN
                    RAISERROR (N'Nothing was done: tables of Aeries are missing. Is this the right database?', 16, 1);
                    SET NOEXEC ON;
                END
                GO
                """.formatted(name(settings.database()), missing);
    }

    /** Without SQLCMD mode the variable stays as it is written, and would become the password. */
    private String passwordGuard() {
        return """
                IF SUSER_ID(%1$s) IS NULL AND N'$(%2$s)' = N'$' + N'(%2$s)'
                BEGIN
                    RAISERROR (N'Nothing was done: switch SQLCMD Mode on and set the variable %2$s.', 16, 1);
                    SET NOEXEC ON;
                END
                GO
                """.formatted(text(settings.user()), PASSWORD_VARIABLE);
    }

    private String tables() {
        return columns.tables().stream()
                .map(table -> new TableScript(settings.schema(), table, columns).enable())
                .collect(Collectors.joining("\n"));
    }

    /** Of every table that may have been captured, whatever the configuration says now. */
    private String disableTables() {
        return Arrays.stream(SourceTable.values())
                .map(table -> new TableScript(settings.schema(), table, columns).disable())
                .collect(Collectors.joining());
    }

    private String objectIds() {
        return Arrays.stream(SourceTable.values())
                .map(table -> "OBJECT_ID(" + text(name(settings.schema(), table.name())) + ")")
                .collect(Collectors.joining(", "));
    }

    private static String rights() {
        return """
                -- What capture says of itself: which tables, which columns, up to which time.
                %s
                GO
                -- Whether the capture job has caught up. SQL Server 2022 has a narrower right for it.
                IF CAST(SERVERPROPERTY('ProductMajorVersion') AS int) >= 16
                    EXEC (N'GRANT VIEW DATABASE PERFORMANCE STATE TO %2$s');
                ELSE
                    GRANT VIEW DATABASE STATE TO %2$s;
                GO
                """.formatted(
                        RightsCheck.CAPTURE_TABLES.stream()
                                .map(table -> TransactSql.grantSelect("cdc", table, List.of(), RightsCheck.ROLE) + ";")
                                .collect(Collectors.joining("\n")),
                        name(RightsCheck.ROLE));
    }

    private String account() {
        return """
                -- 5. The account. It is in the role and has no rights of its own.
                IF SUSER_ID(%1$s) IS NULL
                    CREATE LOGIN %2$s WITH PASSWORD = N'$(%3$s)', DEFAULT_DATABASE = %4$s;
                GO
                IF DATABASE_PRINCIPAL_ID(%1$s) IS NULL
                    CREATE USER %2$s FOR LOGIN %2$s;
                GO
                ALTER ROLE %5$s ADD MEMBER %2$s;
                GO
                """.formatted(
                        text(settings.user()),
                        name(settings.user()),
                        PASSWORD_VARIABLE,
                        name(settings.database()),
                        name(RightsCheck.ROLE));
    }

    private static String job() {
        return """
                -- 6. The jobs, if they still have SQL Server's defaults: look into the log every second in place of
                --    every five, and keep changes for a week in place of three days, so that a long weekend without
                --    the connector loses nothing.
                IF EXISTS (SELECT 1 FROM msdb.dbo.cdc_jobs
                           WHERE database_id = DB_ID() AND job_type = N'capture' AND pollinginterval = 5)
                BEGIN
                    EXEC sys.sp_cdc_change_job @job_type = N'capture', @pollinginterval = 1;
                    EXEC sys.sp_cdc_stop_job @job_type = N'capture';
                    WAITFOR DELAY '00:00:03';
                    EXEC sys.sp_cdc_start_job @job_type = N'capture';
                END
                GO
                IF EXISTS (SELECT 1 FROM msdb.dbo.cdc_jobs
                           WHERE database_id = DB_ID() AND job_type = N'cleanup' AND retention = 4320)
                    EXEC sys.sp_cdc_change_job @job_type = N'cleanup', @retention = 10080;
                GO
                """;
    }

    private static String end(String message) {
        return """
                PRINT %s;
                GO
                SET NOEXEC OFF;
                GO
                """.formatted(text(message));
    }
}
