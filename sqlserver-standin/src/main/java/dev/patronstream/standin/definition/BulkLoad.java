package dev.patronstream.standin.definition;

import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.EngineErrors;
import dev.patronstream.standin.engine.TableInfo;
import dev.patronstream.standin.sql.SqlServerException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loads rows without the wire. They are logged like any others, in transactions of {@value #ROWS_PER_TRANSACTION} rows. */
public final class BulkLoad {
    private static final int ROWS_PER_TRANSACTION = 5000;

    private BulkLoad() {}

    /** Inserts the rows into the table; answers how many. */
    public static long load(
            Database database,
            String schema,
            String name,
            List<String> columns,
            Iterator<? extends @Nullable Object[]> rows)
            throws SQLException {
        TableInfo table = database.catalog()
                .table(schema, name)
                .orElseThrow(() -> SqlServerException.unknownObject(schema + "." + name));
        String sql = "INSERT INTO " + Definitions.qualified(table.schema(), table.name()) + " ("
                + Definitions.names(columns) + ") VALUES ("
                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
        long total = 0;
        try (EngineConnection connection = database.connect();
                PreparedStatement insert = connection.jdbc().prepareStatement(sql)) {
            while (rows.hasNext()) {
                connection.beforeModification();
                long count = 0;
                while (rows.hasNext() && count < ROWS_PER_TRANSACTION) {
                    @Nullable Object[] row = rows.next();
                    for (int i = 0; i < row.length; i++) {
                        insert.setObject(i + 1, row[i]);
                    }
                    insert.executeUpdate();
                    count++;
                }
                connection.afterModification(count);
                connection.commit();
                total += count;
            }
        } catch (SQLException e) {
            throw new EngineErrors(database.name()).map(e);
        }
        return total;
    }
}
