package dev.patronstream.standin.security;

import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.TableInfo;
import dev.patronstream.standin.session.Access;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.Token;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.h2.table.Column;
import org.h2.table.Table;

/** The rights of a login and its user, as they are now. Thread-safe. */
public final class Account implements Access {

    private static final String SELECT = "SELECT";

    /** What a dynamic management view asks for in SQL Server 2022. */
    private static final Map<String, String> VIEW_RIGHTS = Map.of(
            "dm_cdc_log_scan_sessions", "VIEW DATABASE PERFORMANCE STATE",
            "dm_cdc_errors", "VIEW DATABASE PERFORMANCE STATE",
            "dm_db_partition_stats", "VIEW DATABASE PERFORMANCE STATE",
            "dm_server_services", "VIEW SERVER SECURITY STATE");

    private final SecurityCatalog catalog;
    private final String login;

    Account(SecurityCatalog catalog, String login) {
        this.catalog = catalog;
        this.login = login;
    }

    private Set<Integer> principals() {
        return catalog.withRoles(catalog.user(login).map(Principal::id).orElse(Principal.PUBLIC));
    }

    @Override
    public boolean isAdministrator() {
        return login.equalsIgnoreCase("sa") || principals().contains(Principal.OWNER_ROLE);
    }

    @Override
    public boolean isMember(String role) {
        return isAdministrator()
                || catalog.principal(role)
                        .filter(known -> principals().contains(known.id()))
                        .isPresent();
    }

    @Override
    public void check(Connection jdbc, String sql, Set<String> functionTables) throws SQLException {
        if (isAdministrator()) {
            return;
        }
        StatementReading reading = StatementReading.of(jdbc, sql);
        reading.change().filter(change -> !change.table().isTemporary()).ifPresent(this::checkChange);
        for (Table table : reading.tables()) {
            String schema = table.getSchema().getName();
            if (table.isTemporary() || (schema.equals("cdc") && functionTables.contains(table.getName()))) {
                continue;
            }
            // The columns of a query inside of a modification are not known, so the whole table has to be readable.
            Optional<List<String>> columns = reading.change().isPresent()
                    ? Optional.empty()
                    : Optional.of(reading.columns().stream()
                            .filter(column -> column.getTable().equals(table))
                            .map(Column::getName)
                            .sorted()
                            .toList());
            checkRead(schema, table.getName(), columns);
        }
    }

    private void checkChange(StatementReading.Change change) {
        String schema = change.table().getSchema().getName();
        String table = change.table().getName();
        Set<Integer> who = principals();
        boolean writer = who.contains(Principal.WRITER_ROLE) && !schema.startsWith("standin");
        if (!writer && !has(who, change.right(), securable(schema, table))) {
            throw onObject(change.right(), schema, table);
        }
    }

    private void checkRead(String schema, String table, Optional<List<String>> columns) {
        switch (schema) {
            case "sys" -> checkView(table);
            case "information_schema_views", "INFORMATION_SCHEMA", "PUBLIC" -> {
                // Open to everybody.
            }
            case "standin" -> {
                // Views stand on these tables; two of them hold what no view shows.
                if (Set.of("logins", "settings").contains(table)) {
                    throw SqlServerException.unknownObject(schema + "." + table);
                }
            }
            case "standin_history" -> throw SqlServerException.unknownObject(schema + "." + table);
            default -> checkTable(schema, table, columns);
        }
    }

    private void checkView(String view) {
        String right = VIEW_RIGHTS.get(view);
        if (right == null || hasWide(right)) {
            return;
        }
        boolean server = right.startsWith("VIEW SERVER");
        throw server
                ? new SqlServerException(
                        300, 14, 1, right + " permission was denied on object 'server', database 'master'.")
                : new SqlServerException(
                        262, 14, 1, right + " permission denied in database '" + databaseName() + "'.");
    }

    /** Whether a right on the server or the database was given. */
    private boolean hasWide(String right) {
        Set<Integer> who = principals();
        int loginId = catalog.login(login).map(SecurityCatalog.Login::id).orElse(-1);
        boolean granted = false;
        for (Permission permission : catalog.permissions()) {
            boolean server = permission.on().kind() == Securable.Kind.SERVER;
            boolean wide = server || permission.on().kind() == Securable.Kind.DATABASE;
            boolean ours = server ? permission.grantee() == loginId : who.contains(permission.grantee());
            boolean covers = permission.covers(right)
                    || (server && permission.covers(right.replace("VIEW DATABASE", "VIEW SERVER")))
                    || (server && permission.name().equals("VIEW SERVER STATE") && right.startsWith("VIEW DATABASE"));
            if (wide && ours && covers) {
                if (permission.denied()) {
                    return false;
                }
                granted = true;
            }
        }
        return granted;
    }

    private void checkTable(String schema, String table, Optional<List<String>> columns) {
        Set<Integer> who = principals();
        Securable securable = securable(schema, table);
        if (denied(who, SELECT, securable)) {
            throw onObject(SELECT, schema, table);
        }
        boolean whole = who.contains(Principal.READER_ROLE) || has(who, SELECT, securable);
        List<Permission> onColumns = onColumns(who, securable);
        if (!whole && (columns.isEmpty() || onColumns.stream().allMatch(Permission::denied))) {
            throw onObject(SELECT, schema, table);
        }
        for (String column : columns.orElse(List.of())) {
            boolean granted = whole;
            for (Permission permission : onColumns) {
                if (permission.on().column().equalsIgnoreCase(column)) {
                    granted = !permission.denied();
                    if (permission.denied()) {
                        break;
                    }
                }
            }
            if (!granted) {
                throw new SqlServerException(
                        230,
                        14,
                        1,
                        "The SELECT permission was denied on the column '" + column + "' of the object '" + table
                                + "', database '" + databaseName() + "', schema '" + schema + "'.");
            }
        }
    }

    private List<Permission> onColumns(Set<Integer> who, Securable table) {
        return catalog.permissions().stream()
                .filter(permission -> permission.on().kind() == Securable.Kind.COLUMN)
                .filter(permission -> permission.on().isOf(table))
                .filter(permission -> permission.covers(SELECT) && who.contains(permission.grantee()))
                .toList();
    }

    private boolean has(Set<Integer> who, String right, Securable table) {
        return !denied(who, right, table) && larger(table).stream().anyMatch(on -> given(who, right, on, false));
    }

    private boolean denied(Set<Integer> who, String right, Securable table) {
        return larger(table).stream().anyMatch(on -> given(who, right, on, true));
    }

    /** The table itself, its schema and the database: a right on one of them is one on the table. */
    private static List<Securable> larger(Securable table) {
        return List.of(table, Securable.schema(table.schema()), Securable.DATABASE);
    }

    private boolean given(Set<Integer> who, String right, Securable on, boolean denied) {
        return catalog.permissions().stream()
                .anyMatch(permission -> permission.denied() == denied
                        && permission.on().kind() == on.kind()
                        && permission.on().isOf(on)
                        && permission.covers(right)
                        && who.contains(permission.grantee()));
    }

    @Override
    public boolean sees(TableInfo table) {
        if (isAdministrator()) {
            return true;
        }
        Set<Integer> who = principals();
        Securable securable = Securable.object(table.schema(), table.name(), Optional.of(table));
        List<Securable> all = new ArrayList<>(larger(securable));
        return who.contains(Principal.READER_ROLE)
                || !onColumns(who, securable).isEmpty()
                || catalog.permissions().stream()
                        .filter(permission -> !permission.denied() && who.contains(permission.grantee()))
                        .filter(permission -> !permission.name().startsWith("VIEW ")
                                && !permission.name().equals("CONNECT"))
                        .anyMatch(permission -> all.stream()
                                .anyMatch(on -> permission.on().kind() == on.kind()
                                        && permission.on().isOf(on)));
    }

    @Override
    public boolean reads(TableInfo table, List<String> columns) {
        if (isAdministrator()) {
            return true;
        }
        try {
            checkTable(table.schema(), table.name(), Optional.of(columns));
            return true;
        } catch (SqlServerException denied) {
            return false;
        }
    }

    @Override
    public boolean define(EngineConnection connection, String verb, List<Token> definition) throws SQLException {
        if (!SecurityDefinitions.handles(verb, definition)) {
            return false;
        }
        if (!isAdministrator()) {
            throw new SqlServerException(15247, 16, 1, "User does not have permission to perform this action.");
        }
        new SecurityDefinitions(catalog, connection).execute(verb, definition);
        return true;
    }

    private Securable securable(String schema, String table) {
        return Securable.object(schema, table, catalog.database().catalog().table(schema, table));
    }

    private SqlServerException onObject(String right, String schema, String table) {
        String database = schema.equals("msdb") ? "msdb" : databaseName();
        return new SqlServerException(
                229,
                14,
                5,
                "The " + right + " permission was denied on the object '" + table + "', database '" + database
                        + "', schema '" + (schema.equals("msdb") ? "dbo" : schema) + "'.");
    }

    private String databaseName() {
        return catalog.database().name();
    }
}
