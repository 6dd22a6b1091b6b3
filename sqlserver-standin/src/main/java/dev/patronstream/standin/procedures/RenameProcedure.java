package dev.patronstream.standin.procedures;

import dev.patronstream.standin.definition.ColumnRenaming;
import dev.patronstream.standin.engine.ColumnInfo;
import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.TableInfo;
import dev.patronstream.standin.session.ProcedureCall;
import dev.patronstream.standin.sql.SqlServerException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** {@code sp_rename}, for columns only. */
final class RenameProcedure {
    private final Database database;

    RenameProcedure(Database database) {
        this.database = database;
    }

    int rename(ProcedureCall call) throws SQLException {
        String object = call.required("@objname", 0);
        String newName = call.required("@newname", 1);
        if (call.text("@objtype", 2).filter("COLUMN"::equalsIgnoreCase).isEmpty()) {
            throw SqlServerException.unsupported("sp_rename of anything but a COLUMN");
        }
        List<String> parts = List.of(object.replace("[", "").replace("]", "").split("\\."));
        int last = parts.size() - 1;
        Optional<TableInfo> table = last < 1
                ? Optional.empty()
                : database.catalog().table(last == 1 ? "dbo" : parts.get(last - 2), parts.get(last - 1));
        Optional<ColumnInfo> column = table.flatMap(found -> found.column(parts.get(last)));
        if (column.isEmpty()) {
            throw new SqlServerException(
                    15248,
                    11,
                    1,
                    "Either the parameter @objname is ambiguous or the claimed @objtype (COLUMN) is wrong.");
        }
        new ColumnRenaming(database, call.session().connection()).rename(table.orElseThrow(), column.get(), newName);
        return 0;
    }
}
