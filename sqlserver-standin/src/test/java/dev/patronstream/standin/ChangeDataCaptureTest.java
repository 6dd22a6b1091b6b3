package dev.patronstream.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every rule of change data capture that readers rely on. Nothing is captured unless a test says so. */
class ChangeDataCaptureTest extends StandInTest {
    private static final String CHANGES = "SELECT [__$operation], SC, SN, LN FROM cdc.dbo_STU_CT"
            + " ORDER BY [__$start_lsn], [__$command_id], [__$seqval], [__$operation]";

    private Instant now = Instant.parse("2026-11-24T18:00:00Z");

    @Override
    StandInSettings settings(StandInSettings defaults) {
        InstantSource clock = () -> now;
        return defaults.withCaptureInterval(Duration.ofDays(1))
                .withZone(ZoneId.of("America/Los_Angeles"))
                .withClock(clock);
    }

    /** Captures everything committed so far. */
    void scan() throws SQLException {
        standIn.scanNow();
    }

    @BeforeEach
    void enable() throws SQLException {
        execute("""
                CREATE TABLE STU (SC int NOT NULL, SN int NOT NULL, LN varchar(30), TG char(1), PRIMARY KEY (SC, SN))
                CREATE TABLE LOC (CD int PRIMARY KEY, NM varchar(50))
                EXEC sys.sp_cdc_enable_db
                EXEC sys.sp_cdc_enable_table @source_schema = 'dbo', @source_name = 'STU', @role_name = NULL
                EXEC sys.sp_cdc_enable_table @source_schema = 'dbo', @source_name = 'LOC', @role_name = NULL""");
        scan();
    }

    @Test
    void numbersOperationsAsTheServerDoes() throws Exception {
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' ')");
        execute("UPDATE STU SET LN = 'Anne'");
        execute("DELETE FROM STU");
        scan();
        assertEquals(List.of("2|10|1|Ann", "3|10|1|Ann", "4|10|1|Anne", "1|10|1|Anne"), rows(CHANGES));
    }

    @Test
    void capturesNullOfComputedColumnsAndTimesWithAllTheirDigits() throws Exception {
        execute("CREATE TABLE T (ID int NOT NULL, LN varchar(30), FULLNAME AS (LN + '!'), AT time(7), N int DEFAULT -1,"
                + " V varchar(9) DEFAULT 'x')");
        execute("EXEC sys.sp_cdc_enable_table @source_schema = 'dbo', @source_name = 'T', @role_name = NULL");
        execute("INSERT INTO T (ID, LN, AT) VALUES (1, 'Ann', '23:59:59.9999999')");
        scan();
        assertEquals(List.of("1|Ann|Ann!|23:59:59.9999999|-1|x"), rows("SELECT * FROM T"));
        assertEquals(
                List.of("2|1|Ann|null|23:59:59.9999999"),
                rows("SELECT [__$operation], ID, LN, FULLNAME, AT FROM cdc.dbo_T_CT"));
        assertEquals(
                List.of("FULLNAME"),
                rows("SELECT name FROM sys.columns WHERE is_computed = 1 AND object_id = OBJECT_ID('T')"));
        assertEquals(
                List.of("N|((-1))", "V|('x')"),
                rows("SELECT c.name, d.definition FROM sys.default_constraints d JOIN sys.columns c"
                        + " ON c.object_id = d.parent_object_id AND c.column_id = d.parent_column_id"
                        + " WHERE c.object_id = OBJECT_ID('T') ORDER BY c.name"));
    }

    @Test
    void capturesAChangedKeyAsDeleteAndInsert() throws Exception {
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' '), (10, 2, 'Bob', ' ')");
        execute("UPDATE STU SET SN = 3 - SN");
        scan();
        assertEquals(
                List.of("1|10|1|Ann", "1|10|2|Bob", "2|10|2|Ann", "2|10|1|Bob"),
                rows(CHANGES).subList(2, 6));
    }

    @Test
    void givesATransactionOneLsnAndItsRowsGrowingSequenceValues() throws Exception {
        execute("BEGIN TRAN INSERT INTO STU VALUES (10, 1, 'Ann', ' '), (10, 2, 'Bob', ' ')"
                + " INSERT INTO LOC VALUES (10, 'High') UPDATE STU SET LN = 'X' WHERE SN = 2 COMMIT");
        scan();
        String all = "(SELECT [__$start_lsn] s, [__$seqval] q, [__$command_id] c FROM cdc.dbo_STU_CT"
                + " UNION ALL SELECT [__$start_lsn], [__$seqval], [__$command_id] FROM cdc.dbo_LOC_CT) a";
        assertEquals(
                List.of("1|4|4"), rows("SELECT COUNT(DISTINCT s), COUNT(DISTINCT q), COUNT(DISTINCT c) FROM " + all));
        assertEquals(List.of("1", "2", "3", "4", "4"), rows("SELECT c FROM " + all + " ORDER BY q"));
        assertEquals(List.of("0"), rows("SELECT COUNT(*) FROM " + all + " WHERE q >= s"));
    }

    @Test
    void showsNothingOfOpenOrRolledBackTransactions() throws Exception {
        try (Connection open = connect();
                Connection rolledBack = connect()) {
            open.setAutoCommit(false);
            rolledBack.setAutoCommit(false);
            open.createStatement().execute("INSERT INTO STU VALUES (10, 1, 'open', ' ')");
            rolledBack.createStatement().execute("INSERT INTO STU VALUES (10, 2, 'back', ' ')");
            rolledBack.rollback();
            execute("INSERT INTO STU VALUES (10, 3, 'done', ' ')");
            scan();
            assertEquals(List.of("2|10|3|done"), rows(CHANGES));
            open.commit();
        }
        scan();
        assertEquals(List.of("2|10|3|done", "2|10|1|open"), rows(CHANGES));
    }

    @Test
    @StandInOnly
    void letsMaxLsnLagUntilTheLogIsScanned() throws Exception {
        List<String> before = rows("SELECT sys.fn_cdc_get_max_lsn()");
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' ')");
        assertEquals(before, rows("SELECT sys.fn_cdc_get_max_lsn()"));
        scan();
        assertEquals(
                List.of(standIn.history()
                        .maxLsn()
                        .orElseThrow()
                        .replace(":", "")
                        .toUpperCase(java.util.Locale.ROOT)),
                rows("SELECT sys.fn_cdc_get_max_lsn()"));
    }

    @Test
    @StandInOnly
    void mapsLsnsToTheServersLocalTimeAndBack() throws Exception {
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' ')");
        scan();
        assertEquals(
                List.of("2026-11-24 10:00:00.0|2026-11-24 10:00:00.0"),
                rows("SELECT tran_end_time, sys.fn_cdc_map_lsn_to_time(start_lsn) FROM cdc.lsn_time_mapping"
                        + " WHERE tran_id <> 0x00"));
        assertEquals(
                List.of("1"),
                rows("SELECT 1 WHERE sys.fn_cdc_map_time_to_lsn('largest less than or equal', '2026-11-24 10:00:00')"
                        + " = sys.fn_cdc_get_max_lsn()"));
        assertEquals(
                List.of("2026-11-24 10:00:00 -08:00"),
                rows("SELECT TODATETIMEOFFSET(sys.fn_cdc_map_lsn_to_time(sys.fn_cdc_get_max_lsn()),"
                                + " DATEPART(TZOFFSET, SYSDATETIMEOFFSET()))")
                        .stream()
                        .map(t -> t.replaceAll("\\.0+ ", " "))
                        .toList());
    }

    @Test
    @StandInOnly
    void writesADummyEntryWhenIdleButNeverPastAnUnscannedCommit() throws Exception {
        String dummies = "SELECT COUNT(*) FROM cdc.lsn_time_mapping WHERE tran_id = 0x00";
        List<String> first = rows(dummies);
        scan();
        assertEquals(first, rows(dummies));
        now = now.plus(Duration.ofMinutes(6));
        scan();
        assertNotEquals(first, rows(dummies));
        List<String> max = rows("SELECT sys.fn_cdc_get_max_lsn()");
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' ')");
        assertEquals(max, rows("SELECT sys.fn_cdc_get_max_lsn()"));
    }

    @Test
    void marksChangedColumnsInTheUpdateMask() throws Exception {
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' ')");
        execute("UPDATE STU SET LN = 'Anne', TG = ' '");
        scan();
        assertEquals(
                List.of("0F", "04", "04"),
                rows("SELECT [__$update_mask] FROM cdc.dbo_STU_CT ORDER BY [__$start_lsn], [__$operation]"));
        assertEquals(
                List.of("1|0"),
                rows("SELECT sys.fn_cdc_is_bit_set(sys.fn_cdc_get_column_ordinal('dbo_STU', 'LN'), [__$update_mask]),"
                        + " sys.fn_cdc_has_column_changed('dbo_STU', 'TG', [__$update_mask])"
                        + " FROM cdc.dbo_STU_CT WHERE [__$operation] = 4"));
    }

    @Test
    void answersChangesOfARangeByFunctionWithAndWithoutOldValues() throws Exception {
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' ')");
        execute("UPDATE STU SET LN = 'Anne'");
        scan();
        String from = "DECLARE @from binary(10) = sys.fn_cdc_get_min_lsn('dbo_STU'), @to binary(10) ="
                + " sys.fn_cdc_get_max_lsn() ";
        assertEquals(
                List.of("2|Ann", "4|Anne"),
                rows(from + "SELECT [__$operation], LN FROM cdc.fn_cdc_get_all_changes_dbo_STU(@from, @to, N'all')"
                        + " ORDER BY [__$start_lsn]"));
        assertEquals(
                List.of("2", "3", "4"),
                rows(from + "SELECT [__$operation] FROM [" + database()
                        + "].cdc.[fn_cdc_get_all_changes_dbo_STU](@from, @to, N'all update old') AS c"
                        + " ORDER BY c.[__$start_lsn], c.[__$operation]"));
    }

    @Test
    @StandInOnly
    void refusesARangeOutsideOfAnInstancesValidityWithError313() throws Exception {
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' ')");
        scan();
        String mark = standIn.history().maxLsn().orElseThrow();
        execute("INSERT INTO STU VALUES (10, 2, 'Bob', ' ')");
        scan();
        standIn.cleanUp(mark);
        SQLException error = assertThrows(
                SQLException.class,
                () -> rows("SELECT * FROM cdc.fn_cdc_get_all_changes_dbo_STU(0x00000000000000000001,"
                        + " sys.fn_cdc_get_max_lsn(), 'all')"));
        assertEquals(313, error.getErrorCode());
    }

    @Test
    @StandInOnly
    void removesWhatIsOlderThanTheRetentionAndMovesMinLsn() throws Exception {
        execute("INSERT INTO STU VALUES (10, 1, 'old', ' ')");
        scan();
        now = now.plus(Duration.ofDays(4));
        execute("INSERT INTO STU VALUES (10, 2, 'new', ' ')");
        scan();
        standIn.cleanUpNow();
        assertEquals(List.of("2|10|2|new"), rows(CHANGES));
        assertEquals(
                List.of(standIn.history()
                        .maxLsn()
                        .orElseThrow()
                        .replace(":", "")
                        .toUpperCase(java.util.Locale.ROOT)),
                rows("SELECT sys.fn_cdc_get_min_lsn('dbo_STU')"));
        assertEquals(List.of("1"), rows("SELECT COUNT(*) FROM cdc.lsn_time_mapping"));
    }

    @Test
    void keepsTheColumnsOfAnInstanceUntilASecondOneIsMade() throws Exception {
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' ')");
        execute("ALTER TABLE STU ADD EM varchar(50) NULL");
        execute("UPDATE STU SET EM = 'a@b'");
        execute("EXEC sys.sp_cdc_enable_table 'dbo', 'STU', NULL, @capture_instance = 'STU_2'");
        execute("UPDATE STU SET EM = 'c@d'");
        scan();
        assertThrows(SQLException.class, () -> rows("SELECT EM FROM cdc.dbo_STU_CT"));
        assertEquals(List.of("a@b", "c@d"), rows("SELECT EM FROM cdc.STU_2_CT ORDER BY [__$operation]"));
        assertEquals(List.of("5"), rows("SELECT COUNT(*) FROM cdc.dbo_STU_CT"));
        SQLException third = assertThrows(
                SQLException.class, () -> execute("EXEC sys.sp_cdc_enable_table 'dbo', 'STU', NULL, 'STU_3'"));
        assertEquals(22962, third.getErrorCode());
    }

    @Test
    void capturesOnlyTheColumnsAskedFor() throws Exception {
        execute("EXEC sys.sp_cdc_enable_table @source_schema = 'dbo', @source_name = 'STU', @role_name = 'reader',"
                + " @capture_instance = 'few', @captured_column_list = N'[SC], SN, LN'");
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', '*')");
        scan();
        assertEquals(
                List.of("SC", "SN", "LN"),
                rows("SELECT c.column_name FROM cdc.captured_columns c JOIN cdc.change_tables t ON t.object_id ="
                        + " c.object_id WHERE t.capture_instance = 'few' ORDER BY c.column_ordinal"));
        assertThrows(SQLException.class, () -> rows("SELECT TG FROM cdc.few_CT"));
        assertEquals(List.of("Ann"), rows("SELECT LN FROM cdc.few_CT"));
    }

    @Test
    void refusesToTruncateACapturedTableWithError4711() {
        assertEquals(
                4711,
                assertThrows(SQLException.class, () -> execute("TRUNCATE TABLE STU"))
                        .getErrorCode());
    }

    @Test
    void forgetsAnInstanceThatIsDisabledAndCapturesAgainFromWhenItIsMadeAgain() throws Exception {
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' ')");
        scan();
        execute("EXEC sys.sp_cdc_disable_table 'dbo', 'STU', 'all'");
        assertEquals(
                208,
                assertThrows(SQLException.class, () -> rows("SELECT * FROM cdc.dbo_STU_CT"))
                        .getErrorCode());
        execute("INSERT INTO STU VALUES (10, 2, 'gap', ' ')");
        execute("EXEC sys.sp_cdc_enable_table 'dbo', 'STU', NULL");
        execute("INSERT INTO STU VALUES (10, 3, 'Cy', ' ')");
        scan();
        assertEquals(List.of("2|10|3|Cy"), rows(CHANGES));
    }

    @Test
    void disablesAndEnablesTheDatabase() throws Exception {
        execute("EXEC sys.sp_cdc_disable_db");
        assertEquals(List.of("0"), rows("SELECT is_cdc_enabled FROM sys.databases WHERE name = DB_NAME()"));
        assertEquals(
                22901,
                assertThrows(SQLException.class, () -> execute("EXEC sys.sp_cdc_help_change_data_capture"))
                        .getErrorCode());
        execute("EXEC sys.sp_cdc_enable_db");
        assertEquals(List.of("0"), rows("SELECT COUNT(*) FROM cdc.change_tables"));
    }

    @Test
    @StandInOnly
    void describesScansSoThatQuietAndStalledCanBeDistinguished() throws Exception {
        String lastScan = "SELECT TOP 1 end_time, tran_count, empty_scan_count, error_count"
                + " FROM sys.dm_cdc_log_scan_sessions ORDER BY session_id DESC";
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' ')");
        scan();
        assertEquals(List.of("2026-11-24 10:00:00.0|1|0|0"), rows(lastScan));
        now = now.plusSeconds(10);
        scan();
        now = now.plusSeconds(10);
        scan();
        assertEquals(List.of("2026-11-24 10:00:20.0|0|2|0"), rows(lastScan));
        execute("INSERT INTO STU VALUES (10, 2, 'Bob', ' ')");
        now = now.plusSeconds(10);
        assertEquals(List.of("2026-11-24 10:00:20.0|0|2|0"), rows(lastScan));
        stop();
        start();
        assertEquals(
                List.of("0"),
                rows("SELECT COUNT(*) FROM sys.dm_cdc_log_scan_sessions WHERE end_time < '2026-11-24 10:00:30'"));
    }

    @Test
    @StandInOnly
    void stopsAndStartsTheJobsAndChangesTheirSettings() throws Exception {
        execute("EXEC sys.sp_cdc_stop_job @job_type = N'capture'");
        execute("EXEC sys.sp_cdc_change_job @job_type = N'capture', @pollinginterval = 2");
        execute("EXEC sys.sp_cdc_change_job @job_type = N'cleanup', @retention = 1440");
        assertEquals(
                List.of("capture|2|0", "cleanup|0|1440"),
                rows("EXEC sys.sp_cdc_help_jobs").stream()
                        .map(row -> row.split("\\|"))
                        .map(c -> c[1] + "|" + c[6] + "|" + c[7])
                        .toList());
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' ')");
        stop();
        start();
        assertEquals(List.of(), rows(CHANGES));
        execute("EXEC sys.sp_cdc_start_job");
        await(CHANGES, List.of("2|10|1|Ann"));
    }

    @Test
    @StandInOnly
    void shufflesSequenceValuesButNotTheChangesOfOneKey() throws Exception {
        stop();
        standIn = SqlServerStandIn.start(settings(StandInSettings.in(directory)).withShuffledSequenceValues(true));
        try (Connection connection = connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO STU VALUES (10, ?, ?, ' ')")) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 30; i++) {
                insert.setInt(1, i);
                insert.setString(2, "n" + i);
                insert.executeUpdate();
            }
            connection.createStatement().execute("UPDATE STU SET LN = 'last'");
            connection.commit();
        }
        scan();
        List<String> bySequence =
                rows("SELECT [__$command_id] FROM cdc.dbo_STU_CT WHERE [__$operation] <> 3 ORDER BY [__$seqval]");
        List<String> byCommand =
                rows("SELECT [__$command_id] FROM cdc.dbo_STU_CT WHERE [__$operation] <> 3 ORDER BY [__$command_id]");
        assertNotEquals(byCommand, bySequence);
        assertEquals(
                List.of("30"),
                rows("SELECT COUNT(*) FROM cdc.dbo_STU_CT i JOIN cdc.dbo_STU_CT u ON u.SN = i.SN AND"
                        + " u.[__$operation] = 4 WHERE i.[__$operation] = 2 AND i.[__$seqval] < u.[__$seqval]"));
    }

    @Test
    void answersTheHelpProceduresColumns() throws Exception {
        String[] help = rows("EXEC sys.sp_cdc_help_change_data_capture @source_schema = 'dbo', @source_name = 'STU'")
                .get(0)
                .split("\\|");
        assertEquals("dbo", help[0]);
        assertEquals("dbo_STU", help[2]);
        assertTrue(help[14].startsWith("[SC], [SN], [LN]"), help[14]);
        assertEquals(List.of("1"), rows("SELECT is_tracked_by_cdc FROM sys.tables WHERE name = 'STU'"));
    }

    @Test
    void aWiderColumnIsWidenedInTheChangeTableToo() throws Exception {
        execute("ALTER TABLE STU ALTER COLUMN LN varchar(60)");
        execute("ALTER TABLE STU ALTER COLUMN TG varchar(3)");
        String longName = "x".repeat(50);
        execute("INSERT INTO STU VALUES (10, 1, '" + longName + "', 'ABC')");
        standIn.scanNow();
        assertEquals(List.of("2|10|1|" + longName), rows(CHANGES));
    }

    @Test
    void aDroppedColumnIsNullFromThenOn() throws Exception {
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' ')");
        execute("ALTER TABLE STU DROP COLUMN LN");
        execute("INSERT INTO STU VALUES (10, 2, ' ')");
        standIn.scanNow();
        assertEquals(List.of("2|10|1|Ann", "2|10|2|null"), rows(CHANGES));
    }

    @Test
    void aColumnIsRenamedOnlyWhileItsTableIsNotTracked() throws Exception {
        SQLException refused =
                assertThrows(SQLException.class, () -> execute("EXEC sp_rename 'dbo.STU.LN', 'LASTNAME', 'COLUMN'"));
        assertEquals(4928, refused.getErrorCode());
        execute(
                "EXEC sys.sp_cdc_disable_table @source_schema = 'dbo', @source_name = 'STU', @capture_instance = 'all'");
        execute("EXEC sp_rename 'dbo.STU.LN', 'LASTNAME', 'COLUMN'");
        execute("EXEC sys.sp_cdc_enable_table @source_schema = 'dbo', @source_name = 'STU', @role_name = NULL");
        execute("INSERT INTO STU (SC, SN, LASTNAME) VALUES (10, 1, 'Ann')");
        standIn.scanNow();
        assertEquals(List.of("Ann"), rows("SELECT LASTNAME FROM cdc.dbo_STU_CT"));
    }
}
