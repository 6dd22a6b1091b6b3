package dev.patronstream.standin.sql;

import java.util.List;
import java.util.Optional;

/**
 * One statement of a batch. What the stand-in's interpreter must understand is taken apart; queries, modifications and
 * expressions stay lists of tokens for the {@link Translator}.
 */
public sealed interface Statement {
    /** {@code BEGIN ... END}, or a whole batch. */
    record Block(List<Statement> statements) implements Statement {}

    /** {@code IF condition then [ELSE otherwise]}. */
    record If(List<Token> condition, Statement then, Optional<Statement> otherwise) implements Statement {}

    /** {@code WHILE condition body}. */
    record While(List<Token> condition, Statement body) implements Statement {}

    /** {@code BREAK} or {@code CONTINUE}. */
    record LeaveLoop(boolean entirely) implements Statement {}

    /** {@code BEGIN TRY ... END TRY BEGIN CATCH ... END CATCH}. */
    record TryCatch(Block attempt, Block handler) implements Statement {}

    /** {@code DECLARE @a int = 1, ...}. */
    record Declare(List<Variable> variables) implements Statement {}

    /** One declared variable. */
    record Variable(String name, SqlType type, Optional<List<Token>> initial) {}

    /** {@code DECLARE @t TABLE (...)}; the tokens between the parentheses. */
    record DeclareTable(String name, List<Token> columns) implements Statement {}

    /** {@code SET @a = ...}; a compound assignment has its operator rewritten into the value. */
    record Assign(String variable, List<Token> value) implements Statement {}

    /** {@code SELECT @a = x, @b = y FROM ...}: the variables and the same query without them. */
    record AssignFromQuery(List<String> variables, List<Token> query) implements Statement {}

    /** {@code SET option ...}: the words after SET. */
    record SetOption(List<Token> words) implements Statement {}

    /** {@code USE database}. */
    record Use(String database) implements Statement {}

    /** {@code BEGIN TRAN [name]}. */
    record BeginTransaction(Optional<String> name) implements Statement {}

    /** {@code COMMIT [TRAN [name]]}. */
    record CommitTransaction() implements Statement {}

    /** {@code ROLLBACK [TRAN [name]]}; the name may be a transaction's or a savepoint's. */
    record RollbackTransaction(Optional<String> name) implements Statement {}

    /** {@code SAVE TRAN name}. */
    record SaveTransaction(String name) implements Statement {}

    /** {@code EXEC [@result =] procedure arguments}. */
    record Execute(Optional<String> result, ObjectName procedure, List<Argument> arguments) implements Statement {}

    /** {@code EXEC ('text')}: the expression that gives the text. */
    record ExecuteText(List<Token> expression) implements Statement {}

    /**
     * An argument of a procedure.
     *
     * @param name the parameter's name with its {@code @}, if given
     * @param value the expression; empty for {@code DEFAULT}
     * @param output whether the parameter is handed back
     */
    record Argument(Optional<String> name, List<Token> value, boolean output) {}

    /** {@code INSERT [INTO] target [(columns)] EXEC ...}: the tokens before EXEC, and the call. */
    record InsertExecute(List<Token> insert, Statement call) implements Statement {}

    /** {@code SELECT} or {@code WITH ... SELECT}. */
    record Query(List<Token> tokens) implements Statement {}

    /** {@code INSERT}, {@code UPDATE}, {@code DELETE} or {@code MERGE}; the verb in capitals. */
    record Modification(String verb, List<Token> tokens) implements Statement {}

    /** {@code CREATE}, {@code ALTER}, {@code DROP}, {@code TRUNCATE}, {@code GRANT}, {@code REVOKE}, {@code DENY}. */
    record Definition(String verb, List<Token> tokens) implements Statement {}

    /** {@code PRINT expression}. */
    record Print(List<Token> expression) implements Statement {}

    /** {@code RAISERROR (message, severity, state, ...)}. */
    record RaiseError(List<List<Token>> arguments) implements Statement {}

    /** {@code THROW number, message, state}; no arguments inside CATCH re-raises. */
    record Throw(List<List<Token>> arguments) implements Statement {}

    /** {@code RETURN}. */
    record Return() implements Statement {}

    /** {@code WAITFOR DELAY 'hh:mm:ss'}. */
    record WaitFor(List<Token> delay) implements Statement {}
}
