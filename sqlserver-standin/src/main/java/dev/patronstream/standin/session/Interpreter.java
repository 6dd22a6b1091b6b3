package dev.patronstream.standin.session;

import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.sql.BatchParser;
import dev.patronstream.standin.sql.ObjectName;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import dev.patronstream.standin.sql.Statement;
import dev.patronstream.standin.sql.Token;
import dev.patronstream.standin.sql.TypedValue;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Executes the statements of a batch one by one. An error ends its statement or the whole batch as SQL Server's
 * documentation says for its number; either way it is answered, and the session lives on.
 */
final class Interpreter {
    private static final int MAX_NESTING = 32;

    private final Session session;
    private final Variables variables;
    private final Response response;
    private final SessionScope scope;
    private final Statements statements;
    private final RaisedErrors errors;
    private int insideTry;
    private int nesting;

    Interpreter(Session session, Variables variables, Response response) {
        this.session = session;
        this.variables = variables;
        this.response = response;
        this.scope = new SessionScope(session, variables);
        this.statements = new Statements(session, scope, response);
        this.errors = new RaisedErrors(statements, response);
    }

    /** Ends a batch from anywhere inside. */
    private static final class BatchEnd extends RuntimeException {
        private static final long serialVersionUID = 1;

        BatchEnd() {
            super(null, null, false, false);
        }
    }

    /** Leaves a WHILE loop's body. */
    private static final class LoopLeft extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final boolean entirely;

        LoopLeft(boolean entirely) {
            super(null, null, false, false);
            this.entirely = entirely;
        }
    }

    void batch(String text) {
        try {
            run(BatchParser.parse(text));
        } catch (SqlServerException e) {
            fail(e);
        } catch (BatchEnd e) {
            // RETURN, or an error that has been reported.
            response.done(Command.NONE);
        } finally {
            dropTableVariables();
        }
    }

    void call(String procedure, List<ProcedureCall.Argument> arguments) {
        try {
            executeProcedure(Optional.empty(), ObjectName.parse(procedure), arguments, response);
        } catch (SqlServerException e) {
            fail(e);
        } catch (BatchEnd e) {
            response.done(Command.NONE);
        }
    }

    private void run(Statement.Block block) {
        for (Statement statement : block.statements()) {
            one(statement);
        }
    }

    private void one(Statement statement) {
        try {
            session.checkCanceled();
            executeMapped(statement);
        } catch (SqlServerException e) {
            if (insideTry > 0) {
                throw e;
            }
            fail(e);
            if (e.endsBatch() || session.isCancelled() || session.options().abortsOnError()) {
                throw new BatchEnd();
            }
        }
    }

    private void fail(SqlServerException error) {
        session.lastError(error.number());
        session.statementFailed(error, response);
        response.error(error);
    }

    private void executeMapped(Statement statement) {
        try {
            execute(statement);
        } catch (SQLException e) {
            throw session.mapped(e);
        }
    }

    private void execute(Statement statement) throws SQLException {
        if (session.options().compilesOnly() && !(statement instanceof Statement.SetOption)) {
            return;
        }
        if (statement instanceof Statement.Query query) {
            statements.query(query.tokens());
        } else if (statement instanceof Statement.Modification modification) {
            statements.modify(modification.verb(), modification.tokens());
        } else if (statement instanceof Statement.Block block) {
            run(block);
        } else if (statement instanceof Statement.If conditional) {
            conditional(conditional);
        } else if (statement instanceof Statement.While loop) {
            loop(loop);
        } else if (statement instanceof Statement.LeaveLoop leave) {
            throw new LoopLeft(leave.entirely());
        } else if (statement instanceof Statement.TryCatch tryCatch) {
            tryCatch(tryCatch);
        } else if (statement instanceof Statement.Declare declare) {
            declare(declare);
        } else if (statement instanceof Statement.DeclareTable table) {
            declareTable(table);
        } else if (statement instanceof Statement.Assign assign) {
            variables.assign(assign.variable(), statements.evaluate(assign.value(), variables.type(assign.variable())));
        } else if (statement instanceof Statement.AssignFromQuery assign) {
            assignFromQuery(assign);
        } else if (statement instanceof Statement.Execute call) {
            execute(call, response);
        } else if (statement instanceof Statement.ExecuteText text) {
            dynamic(statements.evaluateText(text.expression()), new Variables(), response);
        } else if (statement instanceof Statement.InsertExecute insert) {
            insertExecute(insert);
        } else if (statement instanceof Statement.Definition definition) {
            statements.define(definition.verb(), definition.tokens());
        } else {
            executeControl(statement);
        }
    }

    private void executeControl(Statement statement) throws SQLException {
        if (statement instanceof Statement.BeginTransaction) {
            session.begin(response);
            response.done(Command.TRANSACTION);
        } else if (statement instanceof Statement.CommitTransaction) {
            session.commit(response);
            response.done(Command.TRANSACTION);
        } else if (statement instanceof Statement.RollbackTransaction rollback) {
            session.rollback(rollback.name(), response);
            response.done(Command.TRANSACTION);
        } else if (statement instanceof Statement.SaveTransaction save) {
            session.save(save.name());
            response.done(Command.TRANSACTION);
        } else if (statement instanceof Statement.SetOption option) {
            session.options().set(option.words(), session);
            response.done(Command.SET);
        } else if (statement instanceof Statement.Use use) {
            statements.use(use.database());
        } else if (statement instanceof Statement.Print print) {
            response.message(
                    0,
                    Optional.ofNullable(statements.evaluateText(print.expression()))
                            .orElse(" "));
        } else if (statement instanceof Statement.RaiseError raise) {
            errors.raise(raise);
        } else if (statement instanceof Statement.Throw thrown) {
            throw errors.thrown(thrown, Optional.ofNullable(scope.caught()));
        } else if (statement instanceof Statement.Return) {
            throw new BatchEnd();
        } else if (statement instanceof Statement.WaitFor wait) {
            statements.waitFor(wait.delay());
        } else {
            throw new IllegalStateException("No execution for " + statement.getClass());
        }
    }

    private void conditional(Statement.If conditional) throws SQLException {
        if (statements.holds(conditional.condition())) {
            one(conditional.then());
        } else if (conditional.otherwise().isPresent()) {
            one(conditional.otherwise().get());
        }
    }

    private void loop(Statement.While loop) throws SQLException {
        while (statements.holds(loop.condition())) {
            session.checkCanceled();
            try {
                one(loop.body());
            } catch (LoopLeft left) {
                if (left.entirely) {
                    return;
                }
            }
        }
    }

    private void tryCatch(Statement.TryCatch tryCatch) {
        SqlServerException error = null;
        insideTry++;
        try {
            run(tryCatch.attempt());
        } catch (SqlServerException e) {
            error = e;
        } finally {
            insideTry--;
        }
        if (error == null) {
            return;
        }
        if (session.isCancelled()) {
            throw error;
        }
        session.lastError(error.number());
        session.statementFailed(error, response);
        scope.caught(error);
        try {
            run(tryCatch.handler());
        } finally {
            scope.caught(null);
        }
    }

    private void declare(Statement.Declare declare) throws SQLException {
        for (Statement.Variable variable : declare.variables()) {
            variables.declare(variable.name(), TypedValue.nothing(variable.type()));
            if (variable.initial().isPresent()) {
                variables.assign(
                        variable.name(), statements.evaluate(variable.initial().get(), variable.type()));
            }
        }
    }

    private void declareTable(Statement.DeclareTable table) throws SQLException {
        String engineName = table.name() + "#" + session.database().log().newTransaction();
        statements.createTableVariable(engineName, table.columns());
        variables.declareTable(table.name(), engineName);
    }

    private void dropTableVariables() {
        for (String table : variables.tableNames()) {
            try {
                Database.execute(session.jdbc(), "DROP TABLE IF EXISTS " + Sql.quoted(table));
            } catch (SQLException e) {
                response.error(session.mapped(e));
            }
        }
    }

    private void assignFromQuery(Statement.AssignFromQuery assign) throws SQLException {
        List<SqlType> types = assign.variables().stream().map(variables::type).toList();
        Optional<@Nullable Object[]> row = statements.lastRow(assign.query(), types);
        if (row.isPresent()) {
            for (int i = 0; i < types.size(); i++) {
                variables.assign(assign.variables().get(i), row.get()[i]);
            }
        }
    }

    private void insertExecute(Statement.InsertExecute insert) throws SQLException {
        try (InsertSink sink = statements.insertSink(insert.insert())) {
            if (insert.call() instanceof Statement.Execute call) {
                execute(call, sink);
            } else if (insert.call() instanceof Statement.ExecuteText text) {
                dynamic(statements.evaluateText(text.expression()), new Variables(), sink);
            }
            session.rowCount(sink.rows());
            response.done(Command.INSERT, sink.rows());
        }
        session.statementDone();
    }

    private void execute(Statement.Execute call, Response to) throws SQLException {
        List<ProcedureCall.Argument> arguments = new ArrayList<>();
        for (Statement.Argument argument : call.arguments()) {
            arguments.add(new ProcedureCall.Argument(argument.name(), argumentValue(argument.value())));
        }
        executeProcedure(call.result(), call.procedure(), arguments, to);
    }

    private Optional<TypedValue> argumentValue(List<Token> value) throws SQLException {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Token first = value.get(0);
        if (value.size() == 1 && first.kind() == Token.Kind.WORD && !first.is("NULL")) {
            return Optional.of(TypedValue.of(first.text()));
        }
        if (value.size() == 1 && first.kind() == Token.Kind.VARIABLE) {
            return Optional.of(
                    variables.value(first.text()).orElseThrow(() -> SqlServerException.undeclared(first.text())));
        }
        if (value.size() == 1 && first.kind() == Token.Kind.STRING) {
            return Optional.of(TypedValue.of(first.text()));
        }
        return Optional.of(statements.evaluate(value));
    }

    private void executeProcedure(
            Optional<String> result, ObjectName name, List<ProcedureCall.Argument> arguments, Response to) {
        String procedure = name.name().toLowerCase(Locale.ROOT);
        try {
            if (procedure.equals("sp_executesql")) {
                executeSql(arguments, to);
                return;
            }
            Procedure found = session.procedures()
                    .find(procedure)
                    .orElseThrow(() -> SqlServerException.unknownProcedure(name.toString()));
            int status = session.definition(() -> found.call(new ProcedureCall(session, name, arguments, to)));
            if (result.isPresent()) {
                variables.assign(result.get(), status);
            }
            session.statementDone();
            to.procedureDone(status);
        } catch (SQLException e) {
            throw session.mapped(e);
        }
    }

    private void executeSql(List<ProcedureCall.Argument> arguments, Response to) throws SQLException {
        if (arguments.isEmpty() || arguments.get(0).value().isEmpty()) {
            throw new SqlServerException(
                    201,
                    16,
                    10,
                    "Procedure or function 'sp_executesql' expects parameter '@statement', which was not supplied.");
        }
        Object text = arguments.get(0).value().get().value();
        List<TypedValue> values = new ArrayList<>();
        arguments.stream().skip(2).forEach(a -> values.add(a.value().orElse(TypedValue.nothing(SqlType.INT))));
        String declared = arguments.size() > 1
                ? String.valueOf(arguments.get(1).value().map(TypedValue::value).orElse(""))
                : "";
        List<Optional<String>> names =
                arguments.stream().skip(2).map(ProcedureCall.Argument::name).toList();
        dynamic(
                text == null ? "" : text.toString(),
                ParameterList.parse(declared).bind(names, values),
                to);
    }

    private void dynamic(@Nullable String text, Variables inner, Response to) {
        if (nesting >= MAX_NESTING) {
            throw new SqlServerException(
                    217,
                    16,
                    1,
                    "Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).");
        }
        Interpreter interpreter = new Interpreter(session, inner, to);
        interpreter.nesting = nesting + 1;
        interpreter.insideTry = insideTry;
        try {
            interpreter.run(BatchParser.parse(text == null ? "" : text));
        } catch (BatchEnd e) {
            // The inner batch is over; the outer one goes on.
            session.checkCanceled();
        } finally {
            interpreter.dropTableVariables();
        }
    }
}
