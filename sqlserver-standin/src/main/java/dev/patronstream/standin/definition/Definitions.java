package dev.patronstream.standin.definition;

import dev.patronstream.standin.engine.ColumnInfo;
import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.engine.TableInfo;
import dev.patronstream.standin.engine.TableInfo.IndexInfo;
import dev.patronstream.standin.sql.EngineSql;
import dev.patronstream.standin.sql.ObjectName;
import dev.patronstream.standin.sql.Scope;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.Token;
import dev.patronstream.standin.sql.Tokens;
import dev.patronstream.standin.sql.Translator;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tables and indexes: CREATE, ALTER, DROP, TRUNCATE. Every definition commits at once, also inside a transaction (the
 * engine's rule; on SQL Server it could be rolled back).
 */
public final class Definitions {
    private final Database database;
    private final EngineConnection connection;
    private final Connection jdbc;
    private final Scope scope;
    private final HistoryTables history;

    public Definitions(Database database, EngineConnection connection, Scope scope) {
        this.database = database;
        this.connection = connection;
        this.jdbc = connection.jdbc();
        this.scope = scope;
        this.history = new HistoryTables(database.log());
    }

    /** Whether the definition is of a table or an index; others are not for this class. */
    public static boolean handles(List<Token> definition) {
        Token kind = definition.size() > 1 ? definition.get(1) : definition.get(0);
        return kind.isAnyOf("TABLE", "INDEX", "UNIQUE", "CLUSTERED", "NONCLUSTERED");
    }

    public void execute(String verb, List<Token> definition) throws SQLException {
        Tokens tokens = new Tokens(definition);
        tokens.next();
        switch (verb) {
            case "CREATE" -> {
                if (tokens.skip("TABLE")) {
                    createTable(tokens);
                } else {
                    createIndex(tokens);
                }
            }
            case "ALTER" -> {
                tokens.expect("TABLE");
                new TableAlteration(database, connection, scope, history).execute(tokens);
            }
            case "DROP" -> {
                if (tokens.skip("TABLE")) {
                    dropTables(tokens);
                } else {
                    dropIndex(tokens);
                }
            }
            case "TRUNCATE" -> truncate(tokens);
            default -> throw SqlServerException.syntax(verb);
        }
    }

    private void createTable(Tokens tokens) throws SQLException {
        ObjectName name = ObjectName.parse(tokens);
        TableDefinition definition = TableDefinition.parse(tokens.parenthesized());
        if (name.name().startsWith("#")) {
            createTemporary(name.name(), definition);
            return;
        }
        String schema = schema(name);
        if (database.catalog().table(schema, name.name()).isPresent()) {
            throw new SqlServerException(
                    2714, 16, 6, "There is already an object named '" + name.name() + "' in the database.");
        }
        connection.commit();
        int objectId = database.catalog().newObjectId(jdbc);
        List<String> primaryKey = primaryKey(definition);
        List<ColumnInfo> columns = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        for (TableDefinition.Column column : definition.columns()) {
            boolean nullable = column.nullable() && primaryKey.stream().noneMatch(column.name()::equalsIgnoreCase);
            columns.add(info(columns.size() + 1, column, nullable));
            parts.add(columnSql(column, nullable));
        }
        List<IndexInfo> indexes = new ArrayList<>();
        for (TableDefinition.Constraint constraint : definition.constraints()) {
            parts.add(constraintSql(constraint, schema, name.name(), indexes));
        }
        run("CREATE TABLE " + qualified(schema, name.name()) + " (" + String.join(", ", parts) + ")");
        TableInfo table = new TableInfo(objectId, schema, name.name(), false, columns, indexes);
        database.catalog().register(jdbc, table, database.localNow());
        history.create(jdbc, table);
        database.catalog().reload(jdbc);
        jdbc.commit();
    }

    /** Makes a temporary table or a table variable; this neither commits nor is logged. */
    public void createTemporary(String name, TableDefinition definition) throws SQLException {
        List<String> parts = new ArrayList<>();
        List<String> primaryKey = primaryKey(definition);
        for (TableDefinition.Column column : definition.columns()) {
            parts.add(columnSql(
                    column, column.nullable() && primaryKey.stream().noneMatch(column.name()::equalsIgnoreCase)));
        }
        if (!primaryKey.isEmpty()) {
            parts.add("PRIMARY KEY (" + names(primaryKey) + ")");
        }
        run("CREATE LOCAL TEMPORARY TABLE " + Sql.quoted(name) + " (" + String.join(", ", parts)
                + ") NOT PERSISTENT TRANSACTIONAL");
    }

    private static List<String> primaryKey(TableDefinition definition) {
        return definition.constraints().stream()
                .filter(c -> c.kind() == TableDefinition.Kind.PRIMARY_KEY)
                .findFirst()
                .map(TableDefinition.Constraint::columns)
                .orElse(List.of());
    }

    static ColumnInfo info(int id, TableDefinition.Column column, boolean nullable) {
        return new ColumnInfo(
                id,
                column.name(),
                column.type(),
                nullable,
                column.identity(),
                column.defaultValue().map(Definitions::text),
                column.computedAs().isPresent());
    }

    private static String text(List<Token> tokens) {
        StringBuilder text = new StringBuilder();
        for (Token token : tokens) {
            text.append(token.kind() == Token.Kind.STRING ? "'" + token.text().replace("'", "''") + "'" : token.text());
        }
        String written = text.toString();
        String constant = written.replaceAll("[()]", "");
        // The server keeps a constant number in two pairs of parentheses, and clients cut them off.
        return constant.matches("[-+]?[0-9.]+(E[-+]?[0-9]+)?")
                ? "((" + constant + "))"
                : written.startsWith("(") ? written : "(" + written + ")";
    }

    String columnSql(TableDefinition.Column column, boolean nullable) {
        StringBuilder sql = new StringBuilder(Sql.quoted(column.name()))
                .append(' ')
                .append(column.type().engineType());
        if (column.computedAs().isPresent()) {
            return sql.append(" GENERATED ALWAYS AS (")
                    .append(Translator.translate(column.computedAs().get(), scope)
                            .sql())
                    .append(")")
                    .toString();
        }
        if (column.identity()) {
            sql.append(" GENERATED BY DEFAULT AS IDENTITY");
        }
        column.defaultValue().ifPresent(value -> sql.append(" DEFAULT ").append(literalSql(value)));
        if (!nullable) {
            sql.append(" NOT NULL");
        }
        if (column.type().name().equals("tinyint")) {
            sql.append(" CONSTRAINT ")
                    .append(Sql.quoted("tinyint range of " + column.name() + " "
                            + Long.toHexString(database.log().newTransaction())))
                    .append(" CHECK (")
                    .append(Sql.quoted(column.name()))
                    .append(" BETWEEN 0 AND 255)");
        }
        return sql.toString();
    }

    /** A default's expression: session functions become the engine's own, since a default cannot hold bindings. */
    private String literalSql(List<Token> value) {
        String written = text(value).toLowerCase(Locale.ROOT).replaceAll("[()\\s]", "");
        if (written.equals("getdate") || written.equals("sysdatetime") || written.equals("current_timestamp")) {
            return "LOCALTIMESTAMP";
        }
        if (written.equals("getutcdate") || written.equals("sysutcdatetime")) {
            return "CAST(CURRENT_TIMESTAMP AT TIME ZONE 'UTC' AS TIMESTAMP)";
        }
        EngineSql sql = Translator.translate(value, scope);
        if (!sql.bindings().isEmpty()) {
            throw SqlServerException.unsupported("a default of this form");
        }
        return sql.sql();
    }

    private String constraintSql(
            TableDefinition.Constraint constraint, String schema, String table, List<IndexInfo> indexes) {
        switch (constraint.kind()) {
            case CHECK -> {
                return "CHECK ("
                        + Translator.translate(constraint.rest(), scope).sql() + ")";
            }
            case FOREIGN_KEY -> {
                return "FOREIGN KEY (" + names(constraint.columns()) + ") "
                        + Translator.translate(constraint.rest(), scope).sql();
            }
            default -> {
                boolean primary = constraint.kind() == TableDefinition.Kind.PRIMARY_KEY;
                String name = constraint
                        .name()
                        .orElse((primary ? "PK_" : "UQ_") + table + (primary ? "" : "_" + (indexes.size() + 1)));
                String engineName = schema + "." + name;
                indexes.add(new IndexInfo(
                        primary ? 1 : indexes.size() + 2, name, engineName, true, primary, constraint.columns()));
                return "CONSTRAINT " + Sql.quoted(engineName) + (primary ? " PRIMARY KEY (" : " UNIQUE (")
                        + names(constraint.columns()) + ")";
            }
        }
    }

    private void createIndex(Tokens tokens) throws SQLException {
        boolean unique = tokens.skip("UNIQUE");
        if (!tokens.skip("CLUSTERED")) {
            tokens.skip("NONCLUSTERED");
        }
        tokens.expect("INDEX");
        String name = tokens.expectName();
        tokens.expect("ON");
        TableInfo table = existing(ObjectName.parse(tokens));
        List<String> columns = TableDefinition.columnNames(tokens.parenthesized());
        connection.commit();
        String engineName = table.name() + "." + name;
        run("CREATE " + (unique ? "UNIQUE " : "") + "INDEX " + Sql.quoted(table.schema()) + "." + Sql.quoted(engineName)
                + " ON " + qualified(table.schema(), table.name()) + " (" + names(columns) + ")");
        int id = table.indexes().stream().mapToInt(IndexInfo::id).max().orElse(1) + 1;
        database.catalog()
                .registerIndex(jdbc, table.objectId(), new IndexInfo(id, name, engineName, unique, false, columns));
        database.catalog().reload(jdbc);
        jdbc.commit();
    }

    private void dropIndex(Tokens tokens) throws SQLException {
        tokens.expect("INDEX");
        String name = tokens.expectName();
        tokens.expect("ON");
        TableInfo table = existing(ObjectName.parse(tokens));
        IndexInfo index = table.indexes().stream()
                .filter(i -> i.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new SqlServerException(
                        3701,
                        11,
                        7,
                        "Cannot drop the index '" + table.name() + "." + name
                                + "', because it does not exist or you do not have permission."));
        connection.commit();
        run("DROP INDEX " + Sql.quoted(table.schema()) + "." + Sql.quoted(index.engineName()));
        Sql.update(
                jdbc,
                "DELETE FROM \"standin\".\"index_columns\" WHERE \"object_id\" = ? AND \"index_id\" = ?",
                table.objectId(),
                index.id());
        Sql.update(
                jdbc,
                "DELETE FROM \"standin\".\"indexes\" WHERE \"object_id\" = ? AND \"index_id\" = ?",
                table.objectId(),
                index.id());
        database.catalog().reload(jdbc);
        jdbc.commit();
    }

    private void dropTables(Tokens tokens) throws SQLException {
        boolean ifExists = tokens.skip("IF", "EXISTS");
        do {
            dropTable(ObjectName.parse(tokens), ifExists);
        } while (tokens.skipSymbol(","));
    }

    private void dropTable(ObjectName name, boolean ifExists) throws SQLException {
        if (name.name().startsWith("#")) {
            run("DROP TABLE " + (ifExists ? "IF EXISTS " : "") + Sql.quoted(name.name()));
            return;
        }
        Optional<TableInfo> found = database.catalog().table(name.schema().orElse("dbo"), name.name());
        if (found.isEmpty()) {
            if (ifExists) {
                return;
            }
            throw new SqlServerException(
                    3701,
                    11,
                    5,
                    "Cannot drop the table '" + name + "', because it does not exist or you do not have permission.");
        }
        TableInfo table = found.get();
        connection.commit();
        if (tracked(table)) {
            database.tableListener().beforeDrop(connection, table);
        }
        history.drop(jdbc, table);
        run("DROP TABLE " + qualified(table.schema(), table.name()));
        database.catalog().remove(jdbc, table.objectId());
        database.catalog().reload(jdbc);
        jdbc.commit();
    }

    private void truncate(Tokens tokens) throws SQLException {
        tokens.expect("TABLE");
        ObjectName name = ObjectName.parse(tokens);
        if (name.name().startsWith("#")) {
            Sql.update(jdbc, "DELETE FROM " + Sql.quoted(name.name()));
            return;
        }
        TableInfo table = existing(name);
        if (tracked(table)) {
            throw new SqlServerException(
                    4711,
                    16,
                    1,
                    "Cannot truncate table '" + table.name()
                            + "' because it is published for replication or enabled for Change Data Capture.");
        }
        connection.beforeModification();
        connection.afterModification(Sql.update(jdbc, "DELETE FROM " + qualified(table.schema(), table.name())));
    }

    private boolean tracked(TableInfo table) throws SQLException {
        return Sql.number(
                        jdbc,
                        "SELECT COUNT(*) FROM \"standin\".\"tracked_tables\" WHERE \"object_id\" = ?",
                        table.objectId())
                > 0;
    }

    private String schema(ObjectName name) throws SQLException {
        String schema = name.schema().orElse("dbo");
        if (Sql.number(jdbc, "SELECT COUNT(*) FROM \"sys\".\"schemas\" WHERE \"name\" = ?", schema) == 0) {
            throw new SqlServerException(
                    2760,
                    16,
                    1,
                    "The specified schema name \"" + schema
                            + "\" either does not exist or you do not have permission to use it.");
        }
        return schema;
    }

    private TableInfo existing(ObjectName name) {
        return database.catalog()
                .table(name.schema().orElse("dbo"), name.name())
                .orElseThrow(() -> new SqlServerException(
                        4902,
                        16,
                        1,
                        "Cannot find the object \"" + name
                                + "\" because it does not exist or you do not have permissions."));
    }

    private void run(String sql) throws SQLException {
        Database.execute(jdbc, sql);
    }

    static String qualified(String schema, String name) {
        return Sql.quoted(schema) + "." + Sql.quoted(name);
    }

    static String names(List<String> columns) {
        return String.join(", ", columns.stream().map(Sql::quoted).toList());
    }
}
