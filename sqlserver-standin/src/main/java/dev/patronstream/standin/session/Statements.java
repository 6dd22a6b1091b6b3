package dev.patronstream.standin.session;

import dev.patronstream.standin.definition.Definitions;
import dev.patronstream.standin.definition.TableDefinition;
import dev.patronstream.standin.engine.ResultColumn;
import dev.patronstream.standin.engine.RowReader;
import dev.patronstream.standin.sql.EngineSql;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import dev.patronstream.standin.sql.Token;
import dev.patronstream.standin.sql.Translator;
import dev.patronstream.standin.sql.TypedValue;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Executes single statements on the engine. */
final class Statements {
    private final Session session;
    private final SessionScope scope;
    private final Response response;

    Statements(Session session, SessionScope scope, Response response) {
        this.session = session;
        this.scope = scope;
        this.response = response;
    }

    /** Streams the rows of a query to the response. */
    void query(List<Token> tokens) throws SQLException {
        session.beginImplicitly(response);
        EngineSql sql = Translator.translate(tokens, scope);
        session.checkSnapshotAllowed();
        runChecks(sql);
        try (PreparedStatement statement = prepare(sql)) {
            long count = session.cancelable(statement, () -> {
                try (ResultSet rows = statement.executeQuery()) {
                    RowReader reader =
                            RowReader.of(rows.getMetaData(), session.database().catalog());
                    response.columns(reader.columns());
                    long n = 0;
                    while (rows.next()) {
                        session.checkCanceled();
                        response.row(reader.read(rows));
                        n++;
                    }
                    return n;
                }
            });
            session.rowCount(count);
            session.lastError(0);
            session.statementDone();
            response.done(Command.SELECT, count);
        }
    }

    void modify(String verb, List<Token> tokens) throws SQLException {
        session.beginImplicitly(response);
        EngineSql sql = Translator.modification(tokens, scope);
        session.checkSnapshotAllowed();
        runChecks(sql);
        long count;
        try (PreparedStatement statement = prepare(sql)) {
            count = session.cancelable(statement, () -> {
                session.connection().beforeModification();
                return statement.executeLargeUpdate();
            });
            session.connection().afterModification(count);
        }
        session.rowCount(count);
        session.lastError(0);
        session.statementDone();
        Command command = Command.valueOf(verb);
        if (session.options().noCount()) {
            response.done(command);
        } else {
            response.done(command, count);
        }
    }

    void define(String verb, List<Token> tokens) throws SQLException {
        session.beginImplicitly(response);
        session.definition(() -> {
            DefinitionRights.check(session, verb, tokens);
            if (session.access().define(session.connection(), verb, tokens)) {
                return verb;
            }
            if (Definitions.handles(tokens)) {
                new Definitions(session.database(), session.connection(), scope).execute(verb, tokens);
            } else {
                new Administration(session).execute(verb, tokens);
            }
            return verb;
        });
        session.statementDone();
        response.done(Command.DEFINE);
    }

    void createTableVariable(String engineName, List<Token> columns) throws SQLException {
        new Definitions(session.database(), session.connection(), scope)
                .createTemporary(engineName, TableDefinition.parse(columns));
    }

    InsertSink insertSink(List<Token> insert) {
        return new InsertSink(session, Translator.modification(insert, scope).sql());
    }

    void use(String database) {
        if (!scope.isDatabase(database)) {
            throw new SqlServerException(
                    911,
                    16,
                    1,
                    "Database '" + database + "' does not exist. Make sure that the name is entered correctly.");
        }
        String name = session.database().name();
        response.database(scope.isCurrentDatabase(database) ? name : database, name);
        response.done(Command.NONE);
    }

    /** Whether a condition holds; unknown (NULL) does not. */
    boolean holds(List<Token> condition) throws SQLException {
        EngineSql sql = Translator.translate("SELECT CASE WHEN (", condition, ") THEN 1 ELSE 0 END", scope);
        return Integer.valueOf(1).equals(single(sql, SqlType.INT));
    }

    @Nullable
    Object evaluate(List<Token> expression, SqlType type) throws SQLException {
        return single(
                Translator.translate("SELECT CAST((", expression, ") AS " + type.engineType() + ")", scope), type);
    }

    @Nullable
    String evaluateText(List<Token> expression) throws SQLException {
        Object value = evaluate(expression, SqlType.nvarchar(SqlType.MAX));
        return value == null ? null : value.toString();
    }

    /** An expression's value, with the type the engine finds for it. */
    TypedValue evaluate(List<Token> expression) throws SQLException {
        EngineSql sql = Translator.translate("SELECT (", expression, ")", scope);
        try (PreparedStatement statement = prepare(sql);
                ResultSet rows = statement.executeQuery()) {
            RowReader reader =
                    RowReader.of(rows.getMetaData(), session.database().catalog());
            rows.next();
            return new TypedValue(reader.columns().get(0).type(), reader.read(rows)[0]);
        }
    }

    /** The last row of a query, for SELECT @a = ... */
    Optional<@Nullable Object[]> lastRow(List<Token> query, List<SqlType> types) throws SQLException {
        session.beginImplicitly(response);
        EngineSql sql = Translator.translate(query, scope);
        RowReader reader =
                RowReader.of(types.stream().map(t -> ResultColumn.of("", t)).toList());
        long count = 0;
        Optional<@Nullable Object[]> last = Optional.empty();
        try (PreparedStatement statement = prepare(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                session.checkCanceled();
                last = Optional.of(reader.read(rows));
                count++;
            }
        }
        session.rowCount(count);
        session.statementDone();
        return last;
    }

    void waitFor(List<Token> delay) throws SQLException {
        String[] parts = String.valueOf(evaluateText(delay)).split(":");
        double seconds = 0;
        for (String part : parts) {
            seconds = seconds * 60 + Double.parseDouble(part);
        }
        session.statementDone();
        session.pause((long) (seconds * 1000));
    }

    private @Nullable Object single(EngineSql sql, SqlType type) throws SQLException {
        RowReader reader = RowReader.of(List.of(ResultColumn.of("", type)));
        Object value;
        try (PreparedStatement statement = prepare(sql);
                ResultSet rows = statement.executeQuery()) {
            value = rows.next() ? reader.read(rows)[0] : null;
        }
        session.statementDone();
        return value;
    }

    private void runChecks(EngineSql sql) throws SQLException {
        for (EngineSql check : sql.checks()) {
            try (PreparedStatement statement = prepare(check);
                    ResultSet rows = statement.executeQuery()) {
                rows.next();
            }
        }
    }

    private PreparedStatement prepare(EngineSql sql) throws SQLException {
        session.access().check(session.jdbc(), sql.sql(), scope.functionTables());
        PreparedStatement statement = session.jdbc().prepareStatement(sql.sql());
        List<TypedValue> bindings = sql.bindings();
        for (int i = 0; i < bindings.size(); i++) {
            statement.setObject(i + 1, bindings.get(i).value());
        }
        return statement;
    }
}
