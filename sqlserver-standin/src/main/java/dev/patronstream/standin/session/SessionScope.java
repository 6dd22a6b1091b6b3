package dev.patronstream.standin.session;

import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.sql.Scope;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import dev.patronstream.standin.sql.TypedValue;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Resolves names for the translator: a batch's variables, then the session's and the server's values. */
final class SessionScope implements Scope {
    private static final Set<String> SYSTEM_DATABASES = Set.of("master", "tempdb", "model", "msdb");

    private final Session session;
    private final Variables variables;
    private final Set<String> functionTables = new HashSet<>();
    private @Nullable SqlServerException caught;

    SessionScope(Session session, Variables variables) {
        this.session = session;
        this.variables = variables;
    }

    /** The error that a CATCH block handles, for ERROR_NUMBER() and its like. */
    void caught(@Nullable SqlServerException error) {
        caught = error;
    }

    @Nullable
    SqlServerException caught() {
        return caught;
    }

    @Override
    public Optional<TypedValue> variable(String name) {
        return variables.value(name);
    }

    @Override
    public Optional<String> tableVariable(String name) {
        return variables.table(name);
    }

    @Override
    public Optional<TypedValue> systemValue(String name) {
        if (name.startsWith("error_")) {
            return Optional.of(errorValue(name));
        }
        return session.systemValue(name);
    }

    private TypedValue errorValue(String name) {
        SqlServerException error = caught;
        if (name.equals("error_message")) {
            return error == null
                    ? TypedValue.nothing(SqlType.nvarchar(4000))
                    : new TypedValue(SqlType.nvarchar(4000), error.getMessage());
        }
        if (error == null) {
            return TypedValue.nothing(SqlType.INT);
        }
        return TypedValue.of(
                switch (name) {
                    case "error_number" -> error.number();
                    case "error_severity" -> error.severity();
                    case "error_state" -> error.state();
                    default -> 1;
                });
    }

    @Override
    public TypedValue property(String name) {
        return switch (name) {
            case "productversion" -> TypedValue.of(Server.VERSION);
            case "productlevel" -> TypedValue.of("RTM");
            case "edition" -> TypedValue.of("Developer Edition (64-bit)");
            case "engineedition" -> TypedValue.of(3);
            case "servername", "machinename", "computernamephysicalnetbios" -> TypedValue.of(Server.NAME);
            case "productmajorversion" -> TypedValue.of(Integer.toString(Server.MAJOR));
            case "productminorversion" -> TypedValue.of(Integer.toString(Server.MINOR));
            case "collation" -> TypedValue.of("SQL_Latin1_General_CP1_CI_AS");
            case "isclustered", "ishadrenabled", "isintegratedsecurityonly" -> TypedValue.of(0);
            case "status" -> TypedValue.of("ONLINE");
            case "updateability" -> TypedValue.of("READ_WRITE");
            case "recovery" -> TypedValue.of("FULL");
            default -> TypedValue.nothing(SqlType.nvarchar(128));
        };
    }

    @Override
    public boolean isCurrentDatabase(String name) {
        return session.database().name().equalsIgnoreCase(name);
    }

    @Override
    public boolean isDatabase(String name) {
        return isCurrentDatabase(name) || SYSTEM_DATABASES.contains(name.toLowerCase(Locale.ROOT));
    }

    /** The change tables that statements of this batch read through a function of their instance. */
    Set<String> functionTables() {
        return functionTables;
    }

    @Override
    public Optional<List<String>> capturedColumns(String captureInstance) {
        try {
            requireGatingRole(captureInstance);
            functionTables.add(captureInstance + "_CT");
            List<String> columns = Sql.query(
                    session.jdbc(),
                    row -> row.getString(1),
                    "SELECT c.\"column_name\" FROM \"cdc\".\"captured_columns\" c JOIN \"cdc\".\"change_tables\" t"
                            + " ON t.\"object_id\" = c.\"object_id\" WHERE t.\"capture_instance\" = ?"
                            + " ORDER BY c.\"column_ordinal\"",
                    captureInstance);
            return columns.isEmpty() ? Optional.empty() : Optional.of(columns);
        } catch (SQLException e) {
            throw session.mapped(e);
        }
    }

    /** Who is not in the role of an instance may not call its functions. */
    private void requireGatingRole(String captureInstance) throws SQLException {
        if (session.access().isAdministrator()) {
            return;
        }
        List<Optional<String>> roles = Sql.query(
                session.jdbc(),
                row -> Optional.ofNullable(row.getString(1)),
                "SELECT \"role_name\" FROM \"cdc\".\"change_tables\" WHERE \"capture_instance\" = ?",
                captureInstance);
        for (Optional<String> role : roles) {
            if (role.filter(session.access()::isMember).isEmpty()) {
                throw new SqlServerException(
                        229,
                        14,
                        5,
                        "The SELECT permission was denied on the object 'fn_cdc_get_all_changes_" + captureInstance
                                + "', database '" + session.database().name() + "', schema 'cdc'.");
            }
        }
    }
}
