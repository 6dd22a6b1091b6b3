package dev.patronstream.standin.procedures;

import dev.patronstream.standin.cdc.CapturedTables;
import dev.patronstream.standin.cdc.ChangeDataCapture;
import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.ResultColumn;
import dev.patronstream.standin.engine.RowReader;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.session.Access;
import dev.patronstream.standin.session.ProcedureCall;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import dev.patronstream.standin.sql.Token;
import dev.patronstream.standin.sql.Tokenizer;
import dev.patronstream.standin.sql.TypedValue;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@code sys.sp_cdc_*} procedures, with the parameters and result columns that Microsoft documents. */
final class CdcProcedures {
    private static final SqlType BIGINT = SqlType.BIGINT;

    private final Database database;
    private final ChangeDataCapture capture;

    CdcProcedures(Database database, ChangeDataCapture capture) {
        this.database = database;
        this.capture = capture;
    }

    int enableDatabase(ProcedureCall call) throws SQLException {
        requireSysadmin(call);
        capture.enable(call.session().connection());
        return 0;
    }

    int disableDatabase(ProcedureCall call) throws SQLException {
        requireSysadmin(call);
        capture.disable(call.session().connection());
        return 0;
    }

    int enableTable(ProcedureCall call) throws SQLException {
        requireOwner(call);
        capture.tables()
                .enable(
                        call.session().connection(),
                        new CapturedTables.TableRequest(
                                call.required("@source_schema", 0),
                                call.required("@source_name", 1),
                                call.text("@role_name", 2),
                                call.text("@capture_instance", 3),
                                call.number("@supports_net_changes", 4)
                                        .filter(n -> n != 0)
                                        .isPresent(),
                                call.text("@captured_column_list", 6).map(CdcProcedures::columnList)));
        return 0;
    }

    private static List<String> columnList(String text) {
        return Tokenizer.tokens(text).stream()
                .filter(Token::isName)
                .map(Token::text)
                .toList();
    }

    int disableTable(ProcedureCall call) throws SQLException {
        requireOwner(call);
        capture.tables()
                .disable(
                        call.session().connection(),
                        call.required("@source_schema", 0),
                        call.required("@source_name", 1),
                        call.required("@capture_instance", 2));
        return 0;
    }

    int help(ProcedureCall call) throws SQLException {
        requireEnabled(call);
        Optional<String> schema = call.text("@source_schema", 0);
        Optional<String> name = call.text("@source_name", 1);
        List<ResultColumn> columns = List.of(
                column("source_schema", SqlType.SYSNAME),
                column("source_table", SqlType.SYSNAME),
                column("capture_instance", SqlType.SYSNAME),
                column("object_id", SqlType.INT),
                column("source_object_id", SqlType.INT),
                column("start_lsn", SqlType.LSN),
                column("end_lsn", SqlType.LSN),
                column("supports_net_changes", SqlType.BIT),
                column("has_drop_pending", SqlType.BIT),
                column("role_name", SqlType.SYSNAME),
                column("index_name", SqlType.SYSNAME),
                column("filegroup_name", SqlType.SYSNAME),
                column("create_date", SqlType.DATETIME),
                column("index_column_list", SqlType.nvarchar(SqlType.MAX)),
                column("captured_column_list", SqlType.nvarchar(SqlType.MAX)));
        RowReader reader = RowReader.of(columns);
        List<@Nullable Object[]> rows = Sql.query(
                call.session().connection().jdbc(),
                reader::read,
                "SELECT o.\"schema_name\", o.\"name\", t.\"capture_instance\", t.\"object_id\", t.\"source_object_id\","
                        + " t.\"start_lsn\", t.\"end_lsn\", t.\"supports_net_changes\", t.\"has_drop_pending\","
                        + " t.\"role_name\", t.\"index_name\", t.\"filegroup_name\", t.\"create_date\","
                        + " (SELECT LISTAGG('[' || i.\"column_name\" || ']', ', ') WITHIN GROUP (ORDER BY i.\"index_ordinal\")"
                        + " FROM \"cdc\".\"index_columns\" i WHERE i.\"object_id\" = t.\"object_id\"),"
                        + " (SELECT LISTAGG('[' || c.\"column_name\" || ']', ', ') WITHIN GROUP (ORDER BY c.\"column_ordinal\")"
                        + " FROM \"cdc\".\"captured_columns\" c WHERE c.\"object_id\" = t.\"object_id\")"
                        + " FROM \"cdc\".\"change_tables\" t JOIN \"standin\".\"objects\" o"
                        + " ON o.\"object_id\" = t.\"source_object_id\""
                        + " WHERE (CAST(? AS VARCHAR) IS NULL OR o.\"schema_name\" = ?)"
                        + " AND (CAST(? AS VARCHAR) IS NULL OR o.\"name\" = ?) ORDER BY t.\"create_date\", t.\"object_id\"",
                schema.orElse(null),
                schema.orElse(null),
                name.orElse(null),
                name.orElse(null));
        rows.removeIf(row -> !mayQuery(call, row));
        call.answer(columns, rows);
        return 0;
    }

    /** An instance is shown to those who are in its role and may read every captured column. */
    private boolean mayQuery(ProcedureCall call, @Nullable Object[] row) {
        Access access = call.session().access();
        return access.isAdministrator()
                || (row[9] != null
                        && access.isMember(String.valueOf(row[9]))
                        && database.catalog()
                                .table(String.valueOf(row[0]), String.valueOf(row[1]))
                                .filter(table -> access.reads(table, columnList(String.valueOf(row[14]))))
                                .isPresent());
    }

    int helpJobs(ProcedureCall call) throws SQLException {
        requireOwner(call);
        requireEnabled(call);
        answer(
                call,
                List.of(
                        column("job_id", SqlType.UNIQUEIDENTIFIER),
                        column("job_type", SqlType.nvarchar(20)),
                        column("job_name", SqlType.SYSNAME),
                        column("maxtrans", SqlType.INT),
                        column("maxscans", SqlType.INT),
                        column("continuous", SqlType.BIT),
                        column("pollinginterval", BIGINT),
                        column("retention", BIGINT),
                        column("threshold", BIGINT)),
                "SELECT \"job_id\", \"job_type\", 'cdc.' || ? || '_' || \"job_type\", \"maxtrans\", \"maxscans\","
                        + " \"continuous\", \"pollinginterval\", \"retention\", \"threshold\" FROM \"msdb\".\"cdc_jobs\""
                        + " ORDER BY \"job_type\"",
                database.name());
        return 0;
    }

    int changeJob(ProcedureCall call) throws SQLException {
        requireOwner(call);
        capture.jobs()
                .change(
                        call.session().connection(),
                        call.text("@job_type", 0).orElse("capture").toLowerCase(Locale.ROOT),
                        call.number("@pollinginterval", 4),
                        call.number("@retention", 5));
        return 0;
    }

    int startJob(ProcedureCall call) throws SQLException {
        requireOwner(call);
        capture.jobs().turn(call.session().connection(), jobType(call), true);
        return 0;
    }

    int stopJob(ProcedureCall call) throws SQLException {
        requireOwner(call);
        capture.jobs().turn(call.session().connection(), jobType(call), false);
        return 0;
    }

    private static String jobType(ProcedureCall call) {
        return call.text("@job_type", 0).orElse("capture").toLowerCase(Locale.ROOT);
    }

    int scan(ProcedureCall call) throws SQLException {
        requireOwner(call);
        requireEnabled(call);
        capture.jobs().scanNow();
        return 0;
    }

    int cleanUp(ProcedureCall call) throws SQLException {
        requireOwner(call);
        requireEnabled(call);
        Object mark = call.argument("@low_water_mark", 1).map(TypedValue::value).orElse(null);
        if (mark instanceof byte[] lsn) {
            capture.jobs().cleanUp(Optional.of(call.required("@capture_instance", 0)), lsn);
        } else {
            throw new SqlServerException(
                    22957,
                    16,
                    1,
                    "LSN specified as the new low endpoint for the change table is not within the Change Data Capture"
                            + " timeline of the current database.");
        }
        return 0;
    }

    int capturedColumns(ProcedureCall call) throws SQLException {
        requireEnabled(call);
        answer(
                call,
                List.of(
                        column("source_schema", SqlType.SYSNAME),
                        column("source_table", SqlType.SYSNAME),
                        column("capture_instance", SqlType.SYSNAME),
                        column("column_name", SqlType.SYSNAME),
                        column("column_id", SqlType.INT),
                        column("ordinal_position", SqlType.INT),
                        column("data_type", SqlType.SYSNAME)),
                "SELECT o.\"schema_name\", o.\"name\", t.\"capture_instance\", c.\"column_name\", c.\"column_id\","
                        + " c.\"column_ordinal\", c.\"column_type\" FROM \"cdc\".\"captured_columns\" c"
                        + " JOIN \"cdc\".\"change_tables\" t ON t.\"object_id\" = c.\"object_id\""
                        + " JOIN \"standin\".\"objects\" o ON o.\"object_id\" = t.\"source_object_id\""
                        + " WHERE t.\"capture_instance\" = ? ORDER BY c.\"column_ordinal\"",
                call.required("@capture_instance", 0));
        return 0;
    }

    private static void requireSysadmin(ProcedureCall call) {
        if (!call.session().access().isAdministrator()) {
            throw new SqlServerException(
                    22902,
                    16,
                    1,
                    "Caller is not authorized to initiate the requested action. Sysadmin privileges are required.");
        }
    }

    private static void requireOwner(ProcedureCall call) {
        if (!call.session().access().isAdministrator()) {
            throw new SqlServerException(
                    22904,
                    16,
                    1,
                    "Caller is not authorized to initiate the requested action. DBO privileges are required.");
        }
    }

    private void requireEnabled(ProcedureCall call) throws SQLException {
        capture.requireEnabled(call.session().connection().jdbc());
    }

    private static ResultColumn column(String name, SqlType type) {
        return ResultColumn.of(name, type);
    }

    private static void answer(ProcedureCall call, List<ResultColumn> columns, String sql, @Nullable Object... values)
            throws SQLException {
        RowReader reader = RowReader.of(columns);
        call.answer(columns, Sql.query(call.session().connection().jdbc(), reader::read, sql, values));
    }
}
