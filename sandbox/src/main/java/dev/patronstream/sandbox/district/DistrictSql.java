package dev.patronstream.sandbox.district;

import java.util.ArrayList;
import java.util.List;

/**
 * The T-SQL that makes a district's database: tables, change data capture and the connector's account. Every element of
 * a list is one batch, to be run in order by an administrator who is connected to the database.
 *
 * @see <a
 *     href="https://learn.microsoft.com/en-us/sql/relational-databases/track-changes/enable-and-disable-change-data-capture-sql-server">Microsoft:
 *     Enable and disable change data capture</a>
 */
public final class DistrictSql {

    /** The role that may read what the connector needs; CDC's functions ask for it too. */
    public static final String ROLE = "patronstream_reader";

    private DistrictSql() {}

    /** Returns the batches of a script: what stands between its lines with GO, as sqlcmd and SSMS send it. */
    public static List<String> batches(String script) {
        return List.of(script.split("(?mi)^\\s*GO\\s*$")).stream()
                .map(String::strip)
                .filter(batch -> !batch.isEmpty())
                .toList();
    }

    /** The three tables, and the index by student ID that Aeries has. */
    public static List<String> createTables() {
        List<String> batches = new ArrayList<>();
        for (AeriesTable table : AeriesTable.values()) {
            batches.add(table.createStatement());
        }
        batches.add("CREATE INDEX [IX_STU_ID] ON [dbo].[STU] ([ID])");
        return List.copyOf(batches);
    }

    /**
     * Switches on snapshot isolation and change data capture.
     *
     * @param preferredNames whether a feed sends preferred names; they are not captured otherwise
     */
    public static List<String> enableCapture(String database, boolean preferredNames) {
        List<String> batches = new ArrayList<>();
        batches.add("ALTER DATABASE " + quoted(database) + " SET ALLOW_SNAPSHOT_ISOLATION ON");
        batches.add("EXEC sys.sp_cdc_enable_db");
        for (AeriesTable table : AeriesTable.values()) {
            batches.add("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'" + table.name()
                    + "', @role_name = N'" + ROLE + "', @supports_net_changes = 0, @captured_column_list = N'"
                    + AeriesTable.brackets(table.capturedColumns(preferredNames)) + "'");
        }
        return List.copyOf(batches);
    }

    /**
     * Makes an account that can read the captured columns of the three tables and their change tables, see the state of
     * the capture scans, and nothing else. To be run after {@link #enableCapture}, which makes the role.
     *
     * @param password the account's password; ends up in the text, so the text is as secret as the password
     */
    public static List<String> createAccount(String account, String password, boolean preferredNames) {
        List<String> batches = new ArrayList<>();
        batches.add("CREATE LOGIN " + quoted(account) + " WITH PASSWORD = N'" + password.replace("'", "''") + "'");
        batches.add("CREATE USER " + quoted(account) + " FOR LOGIN " + quoted(account));
        for (AeriesTable table : AeriesTable.values()) {
            batches.add("GRANT SELECT ON [dbo].[" + table.name() + "] ("
                    + AeriesTable.brackets(table.capturedColumns(preferredNames)) + ") TO " + quoted(ROLE));
        }
        batches.add("GRANT SELECT ON SCHEMA::[cdc] TO " + quoted(ROLE));
        batches.add("GRANT VIEW DATABASE STATE TO " + quoted(ROLE));
        batches.add("ALTER ROLE " + quoted(ROLE) + " ADD MEMBER " + quoted(account));
        return List.copyOf(batches);
    }

    private static String quoted(String name) {
        return "[" + name.replace("]", "]]") + "]";
    }
}
