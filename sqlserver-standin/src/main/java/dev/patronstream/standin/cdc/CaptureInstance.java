package dev.patronstream.standin.cdc;

import dev.patronstream.standin.engine.ColumnInfo;
import dev.patronstream.standin.engine.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A capture instance.
 *
 * @param objectId the change table's object ID
 * @param sourceObjectId the source table's object ID
 * @param name the capture instance's name
 * @param startLsn only transactions after this LSN are captured
 * @param role the role whose members may read the changes, if any
 * @param columns the captured columns as they were when the instance was made, in capture order
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on to the database only, never compared.
record CaptureInstance(
        int objectId,
        int sourceObjectId,
        String name,
        byte[] startLsn,
        Optional<String> role,
        List<ColumnInfo> columns) {

    /** The engine's name of the change table. */
    String changeTable() {
        return "\"cdc\"." + Sql.quoted(name + "_CT");
    }

    static List<CaptureInstance> all(Connection jdbc, ChangeTableColumns columns) throws SQLException {
        return Sql.query(
                jdbc,
                row -> {
                    int objectId = row.getInt("object_id");
                    @Nullable String role = row.getString("role_name");
                    return new CaptureInstance(
                            objectId,
                            row.getInt("source_object_id"),
                            row.getString("capture_instance"),
                            row.getBytes("start_lsn"),
                            Optional.ofNullable(role),
                            columns.of(objectId));
                },
                "SELECT * FROM \"cdc\".\"change_tables\" ORDER BY \"create_date\", \"object_id\"");
    }

    /** Where the captured columns of a change table are found. */
    @FunctionalInterface
    interface ChangeTableColumns {
        List<ColumnInfo> of(int changeTableObjectId);
    }
}
