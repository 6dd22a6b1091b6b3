package dev.patronstream.standin.sql;

import java.util.Map;
import java.util.Set;

/** How T-SQL's functions are written in the engine's dialect, where the two differ. */
final class Functions {
    /** Name to template; {@code $1} stands for the first argument, {@code $*} for all of them. */
    static final Map<String, String> TEMPLATES = Map.ofEntries(
            Map.entry("isnull/2", "COALESCE($1, $2)"),
            Map.entry("len/1", "CHAR_LENGTH(RTRIM($1))"),
            Map.entry("datalength/1", "OCTET_LENGTH($1)"),
            Map.entry("newid/0", "RANDOM_UUID()"),
            Map.entry("iif/3", "CASE WHEN $1 THEN $2 ELSE $3 END"),
            Map.entry("charindex/2", "LOCATE($1, $2)"),
            Map.entry("charindex/3", "LOCATE($1, $2, $3)"),
            Map.entry("replicate/2", "REPEAT($1, $2)"),
            Map.entry("stuff/4", "INSERT($1, $2, $3, $4)"),
            Map.entry("count_big/1", "COUNT($1)"),
            Map.entry("nchar/1", "CHAR($1)"),
            Map.entry("unicode/1", "ASCII($1)"),
            Map.entry("eomonth/1", "LAST_DAY($1)"),
            Map.entry("square/1", "POWER($1, 2)"),
            Map.entry("binary_checksum/1", "ORA_HASH($1)"),
            Map.entry("checksum/1", "ORA_HASH($1)"));

    /**
     * Functions that look into the catalog or the change tables, with the types they answer. The engine has them as
     * aliases in the schema sys.
     */
    static final Map<String, SqlType> CATALOG = Map.ofEntries(
            Map.entry("object_id", SqlType.INT),
            Map.entry("object_name", SqlType.SYSNAME),
            Map.entry("object_schema_name", SqlType.SYSNAME),
            Map.entry("schema_id", SqlType.INT),
            Map.entry("db_id", SqlType.SMALLINT),
            Map.entry("col_name", SqlType.SYSNAME),
            Map.entry("col_length", SqlType.SMALLINT),
            Map.entry("suser_id", SqlType.INT),
            Map.entry("database_principal_id", SqlType.INT),
            Map.entry("type_name", SqlType.SYSNAME),
            Map.entry("todatetimeoffset", SqlType.temporal("datetimeoffset", 7)),
            Map.entry("switchoffset", SqlType.temporal("datetimeoffset", 7)),
            Map.entry("datefromparts", SqlType.DATE),
            Map.entry("isnumeric", SqlType.INT),
            Map.entry("isdate", SqlType.INT),
            Map.entry("fn_cdc_get_max_lsn", SqlType.LSN),
            Map.entry("fn_cdc_get_min_lsn", SqlType.LSN),
            Map.entry("fn_cdc_increment_lsn", SqlType.LSN),
            Map.entry("fn_cdc_decrement_lsn", SqlType.LSN),
            Map.entry("fn_cdc_map_lsn_to_time", SqlType.DATETIME),
            Map.entry("fn_cdc_map_time_to_lsn", SqlType.LSN),
            Map.entry("fn_cdc_get_column_ordinal", SqlType.INT),
            Map.entry("fn_cdc_has_column_changed", SqlType.BIT),
            Map.entry("fn_cdc_is_bit_set", SqlType.BIT));

    /** Functions whose first argument is a date part and stays as written. */
    static final Set<String> DATE_PARTS = Set.of("dateadd", "datediff", "datepart", "datename");

    /** Functions of the session that take no arguments, or whose arguments do not matter here. */
    static final Set<String> SESSION = Set.of(
            "getdate",
            "sysdatetime",
            "sysutcdatetime",
            "getutcdate",
            "sysdatetimeoffset",
            "current_timestamp",
            "db_name",
            "suser_sname",
            "suser_name",
            "user_name",
            "original_login",
            "schema_name",
            "host_name",
            "app_name",
            "scope_identity",
            "error_number",
            "error_message",
            "error_severity",
            "error_state",
            "error_line",
            "xact_state",
            "current_user",
            "session_user",
            "system_user",
            "user",
            "current_transaction_id",
            "is_srvrolemember",
            "is_member",
            "has_dbaccess",
            "has_perms_by_name",
            "program_name");

    private Functions() {}
}
