package dev.patronstream.standin.cdc;

import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.sql.SqlServerException;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The {@code sys.fn_cdc_*} functions, called by the engine with the session's own connection: they see what the
 * session's transaction sees.
 */
public final class CdcFunctions {
    private CdcFunctions() {}

    public static byte @Nullable [] maxLsn(Connection connection) throws SQLException {
        return Enablement.isEnabled(connection)
                ? lsn(connection, "SELECT MAX(\"start_lsn\") FROM \"cdc\".\"lsn_time_mapping\"")
                : null;
    }

    /** The low end of an instance's validity; ten zero bytes for an instance that does not exist. */
    public static byte[] minLsn(Connection connection, @Nullable String instance) throws SQLException {
        byte[] lsn = Enablement.isEnabled(connection)
                ? lsn(
                        connection,
                        "SELECT \"start_lsn\" FROM \"cdc\".\"change_tables\" WHERE \"capture_instance\" = ?",
                        instance)
                : null;
        return lsn == null ? new byte[10] : lsn;
    }

    public static byte @Nullable [] incrementLsn(byte @Nullable [] lsn) {
        return lsn == null ? null : plus(lsn, 1);
    }

    public static byte @Nullable [] decrementLsn(byte @Nullable [] lsn) {
        return lsn == null ? null : plus(lsn, -1);
    }

    private static byte[] plus(byte[] lsn, int difference) {
        byte[] sum = new BigInteger(1, lsn).add(BigInteger.valueOf(difference)).toByteArray();
        byte[] result = new byte[10];
        for (int i = 0; i < Math.min(10, sum.length); i++) {
            result[9 - i] = sum[sum.length - 1 - i];
        }
        return result;
    }

    public static @Nullable LocalDateTime mapLsnToTime(Connection connection, byte @Nullable [] lsn)
            throws SQLException {
        if (lsn == null || !Enablement.isEnabled(connection)) {
            return null;
        }
        List<@Nullable LocalDateTime> times = Sql.query(
                connection,
                row -> row.getObject(1, LocalDateTime.class),
                "SELECT \"tran_end_time\" FROM \"cdc\".\"lsn_time_mapping\" WHERE \"start_lsn\" = ?",
                lsn);
        return times.isEmpty() ? null : times.get(0);
    }

    public static byte @Nullable [] mapTimeToLsn(Connection connection, String relation, @Nullable LocalDateTime time)
            throws SQLException {
        String condition =
                switch (relation.toLowerCase(Locale.ROOT)) {
                    case "largest less than" ->
                        "MAX(\"start_lsn\") FROM \"cdc\".\"lsn_time_mapping\" WHERE \"tran_end_time\" <";
                    case "largest less than or equal" ->
                        "MAX(\"start_lsn\") FROM \"cdc\".\"lsn_time_mapping\" WHERE \"tran_end_time\" <=";
                    case "smallest greater than" ->
                        "MIN(\"start_lsn\") FROM \"cdc\".\"lsn_time_mapping\" WHERE \"tran_end_time\" >";
                    case "smallest greater than or equal" ->
                        "MIN(\"start_lsn\") FROM \"cdc\".\"lsn_time_mapping\" WHERE \"tran_end_time\" >=";
                    default -> throw SqlServerException.unsupported("the relational operator '" + relation + "'");
                };
        return Enablement.isEnabled(connection) ? lsn(connection, "SELECT " + condition + " ?", time) : null;
    }

    public static @Nullable Integer columnOrdinal(Connection connection, String instance, String column)
            throws SQLException {
        List<Integer> ordinals = Sql.query(
                connection,
                row -> row.getInt(1),
                "SELECT c.\"column_ordinal\" FROM \"cdc\".\"captured_columns\" c JOIN \"cdc\".\"change_tables\" t"
                        + " ON t.\"object_id\" = c.\"object_id\" WHERE t.\"capture_instance\" = ? AND c.\"column_name\" = ?",
                instance,
                column);
        return ordinals.isEmpty() ? null : ordinals.get(0);
    }

    /** Whether the bit of a captured column (1 is the first) is set in an update mask. */
    public static int isBitSet(@Nullable Integer ordinal, byte @Nullable [] mask) {
        return ordinal != null && mask != null && UpdateMask.isSet(mask, ordinal) ? 1 : 0;
    }

    public static int hasColumnChanged(Connection connection, String instance, String column, byte @Nullable [] mask)
            throws SQLException {
        return isBitSet(columnOrdinal(connection, instance, column), mask);
    }

    /** Raises error 313, as the query functions of an instance do, if the range is not inside its validity. */
    public static boolean checkChangeRange(
            Connection connection,
            String instance,
            byte @Nullable [] from,
            byte @Nullable [] to,
            @Nullable String filter)
            throws SQLException {
        byte[] min = minLsn(connection, instance);
        byte[] max = maxLsn(connection);
        boolean inside = from != null
                && to != null
                && max != null
                && Arrays.compareUnsigned(from, min) >= 0
                && Arrays.compareUnsigned(to, max) <= 0
                && Arrays.compareUnsigned(from, to) <= 0;
        boolean knownFilter = "all".equalsIgnoreCase(filter) || "all update old".equalsIgnoreCase(filter);
        if (!inside || !knownFilter) {
            throw new SqlServerException(
                    313,
                    16,
                    3,
                    "An insufficient number of arguments were supplied for the procedure or function"
                            + " cdc.fn_cdc_get_all_changes_ ... .");
        }
        return true;
    }

    private static byte @Nullable [] lsn(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        List<byte @Nullable []> rows = Sql.query(connection, row -> row.getBytes(1), sql, values);
        return rows.isEmpty() ? null : rows.get(0);
    }
}
