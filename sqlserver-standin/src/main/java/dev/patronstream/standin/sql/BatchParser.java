package dev.patronstream.standin.sql;

import dev.patronstream.standin.sql.Statement.Argument;
import dev.patronstream.standin.sql.Statement.Block;
import dev.patronstream.standin.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Parses a batch into statements. What no statement begins with is a syntax error, as on the server. */
public final class BatchParser {
    private final Tokens tokens;

    private BatchParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /**
     * Parses a batch.
     *
     * @throws SqlServerException for what is not T-SQL or beyond the stand-in
     */
    public static Block parse(String text) {
        return new BatchParser(new Tokens(Tokenizer.tokens(text))).batch();
    }

    private Block batch() {
        List<Statement> statements = new ArrayList<>();
        skipSemicolons();
        if (tokens.peek().isName()
                && !StatementBounds.startsStatement(tokens.peek())
                && !tokens.peek().isAnyOf("WITH", "THROW")) {
            statements.add(procedureCall(Optional.empty()));
            skipSemicolons();
        }
        while (!tokens.atEnd()) {
            statements.add(statement());
            skipSemicolons();
        }
        return new Block(List.copyOf(statements));
    }

    private void skipSemicolons() {
        boolean skipped = true;
        while (skipped) {
            skipped = tokens.skipSymbol(";");
        }
    }

    private Block blockUntilEnd() {
        List<Statement> statements = new ArrayList<>();
        skipSemicolons();
        while (!tokens.peek().is("END")) {
            if (tokens.atEnd()) {
                throw tokens.unexpected();
            }
            statements.add(statement());
            skipSemicolons();
        }
        tokens.next();
        return new Block(List.copyOf(statements));
    }

    private Statement statement() {
        Token first = tokens.peek();
        if (first.kind() != Kind.WORD) {
            throw tokens.unexpected();
        }
        return switch (first.text().toUpperCase(Locale.ROOT)) {
            case "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE" -> queryOrModification();
            case "BEGIN" -> begin();
            case "COMMIT" -> commit();
            case "ROLLBACK" -> rollback();
            case "SAVE" -> save();
            case "SET" -> set();
            case "DECLARE" -> declare();
            case "EXEC", "EXECUTE" -> execute();
            case "IF" -> conditional();
            case "WHILE" -> loop();
            case "CREATE", "ALTER", "DROP", "TRUNCATE", "GRANT", "REVOKE", "DENY" -> definition();
            case "USE" -> {
                tokens.next();
                yield new Statement.Use(tokens.expectName());
            }
            case "PRINT" -> {
                tokens.next();
                yield new Statement.Print(StatementBounds.expression(tokens, false));
            }
            case "RAISERROR" -> {
                tokens.next();
                List<List<Token>> arguments = split(tokens.parenthesized());
                if (tokens.skip("WITH")) {
                    tokens.next();
                }
                yield new Statement.RaiseError(arguments);
            }
            case "THROW" -> {
                tokens.next();
                yield new Statement.Throw(
                        tokens.atEnd()
                                        || tokens.peek().isSymbol(";")
                                        || tokens.peek().is("END")
                                ? List.of()
                                : split(StatementBounds.expression(tokens, false)));
            }
            case "RETURN" -> {
                tokens.next();
                if (tokens.peek().kind() == Kind.NUMBER || tokens.peek().kind() == Kind.VARIABLE) {
                    tokens.next();
                }
                yield new Statement.Return();
            }
            case "BREAK", "CONTINUE" -> {
                tokens.next();
                yield new Statement.LeaveLoop(first.is("BREAK"));
            }
            case "WAITFOR" -> {
                tokens.next();
                tokens.expect("DELAY");
                yield new Statement.WaitFor(StatementBounds.expression(tokens, false));
            }
            default -> throw tokens.unexpected();
        };
    }

    private Statement queryOrModification() {
        int from = tokens.position();
        String verb = StatementBounds.query(tokens);
        List<Token> text = tokens.slice(from, tokens.position());
        if (verb.equals("INSERT EXEC")) {
            return new Statement.InsertExecute(text, execute());
        }
        if (!verb.equals("SELECT")) {
            return new Statement.Modification(verb, text);
        }
        return AssigningSelect.recognize(text).map(Statement.class::cast).orElseGet(() -> new Statement.Query(text));
    }

    private Statement begin() {
        tokens.next();
        if (tokens.skip("TRAN") || tokens.skip("TRANSACTION")) {
            return new Statement.BeginTransaction(optionalName());
        }
        if (tokens.skip("TRY")) {
            Block attempt = blockUntilEnd();
            tokens.expect("TRY");
            skipSemicolons();
            tokens.expect("BEGIN");
            tokens.expect("CATCH");
            Block handler = blockUntilEnd();
            tokens.expect("CATCH");
            return new Statement.TryCatch(attempt, handler);
        }
        return blockUntilEnd();
    }

    private Statement commit() {
        tokens.next();
        if (tokens.skip("TRAN") || tokens.skip("TRANSACTION")) {
            optionalName();
        } else {
            tokens.skip("WORK");
        }
        if (tokens.skip("WITH")) {
            tokens.parenthesized();
        }
        return new Statement.CommitTransaction();
    }

    private Statement rollback() {
        tokens.next();
        if (tokens.skip("TRAN") || tokens.skip("TRANSACTION")) {
            return new Statement.RollbackTransaction(optionalName());
        }
        tokens.skip("WORK");
        return new Statement.RollbackTransaction(Optional.empty());
    }

    private Statement save() {
        tokens.next();
        if (!tokens.skip("TRAN")) {
            tokens.expect("TRANSACTION");
        }
        return new Statement.SaveTransaction(optionalName().orElseThrow(tokens::unexpected));
    }

    private Optional<String> optionalName() {
        Token token = tokens.peek();
        if (token.kind() == Kind.VARIABLE
                || (token.isName() && !StatementBounds.startsStatement(token) && !token.is("WITH"))) {
            return Optional.of(tokens.next().text());
        }
        return Optional.empty();
    }

    private Statement set() {
        tokens.next();
        if (tokens.peek().kind() != Kind.VARIABLE) {
            int from = tokens.position();
            tokens.next();
            while (!tokens.atEnd() && !tokens.peek().isSymbol(";") && !StatementBounds.startsStatement(tokens.peek())) {
                tokens.next();
            }
            return new Statement.SetOption(tokens.slice(from, tokens.position()));
        }
        Token variable = tokens.next();
        Token operator = tokens.next();
        if (operator.kind() != Kind.SYMBOL || !operator.text().endsWith("=")) {
            throw SqlServerException.syntax(operator.text());
        }
        List<Token> value = StatementBounds.expression(tokens, false);
        if (operator.text().length() == 1) {
            return new Statement.Assign(variable.text(), value);
        }
        List<Token> compound = new ArrayList<>();
        compound.add(variable);
        compound.add(symbol(operator, operator.text().substring(0, 1)));
        compound.add(symbol(operator, "("));
        compound.addAll(value);
        compound.add(symbol(operator, ")"));
        return new Statement.Assign(variable.text(), compound);
    }

    private static Token symbol(Token at, String text) {
        return new Token(Kind.SYMBOL, text, at.start(), at.end());
    }

    private Statement declare() {
        tokens.next();
        List<Statement.Variable> variables = new ArrayList<>();
        do {
            if (tokens.peek().kind() != Kind.VARIABLE) {
                throw tokens.unexpected();
            }
            String name = tokens.next().text();
            tokens.skip("AS");
            if (tokens.skip("TABLE")) {
                return new Statement.DeclareTable(name, tokens.parenthesized());
            }
            SqlType type = SqlType.parse(tokens, 1);
            Optional<List<Token>> initial =
                    tokens.skipSymbol("=") ? Optional.of(StatementBounds.expression(tokens, true)) : Optional.empty();
            variables.add(new Statement.Variable(name, type, initial));
        } while (tokens.skipSymbol(","));
        return new Statement.Declare(List.copyOf(variables));
    }

    private Statement execute() {
        tokens.next();
        if (tokens.peek().isSymbol("(")) {
            return new Statement.ExecuteText(tokens.parenthesized());
        }
        Optional<String> result = Optional.empty();
        if (tokens.peek().kind() == Kind.VARIABLE && tokens.peek(1).isSymbol("=")) {
            result = Optional.of(tokens.next().text());
            tokens.next();
        }
        return procedureCall(result);
    }

    private Statement procedureCall(Optional<String> result) {
        ObjectName procedure = ObjectName.parse(tokens);
        List<Argument> arguments = new ArrayList<>();
        if (!tokens.atEnd() && !tokens.peek().isSymbol(";") && !StatementBounds.startsStatement(tokens.peek())) {
            do {
                arguments.add(argument());
            } while (tokens.skipSymbol(","));
        }
        if (tokens.skip("WITH")) {
            tokens.expect("RECOMPILE");
        }
        return new Statement.Execute(result, procedure, List.copyOf(arguments));
    }

    private Argument argument() {
        Optional<String> name = Optional.empty();
        if (tokens.peek().kind() == Kind.VARIABLE && tokens.peek(1).isSymbol("=")) {
            name = Optional.of(tokens.next().text());
            tokens.next();
        }
        int from = tokens.position();
        if (tokens.peek().isSymbol("-") || tokens.peek().isSymbol("+")) {
            tokens.next();
        }
        Token value = tokens.next();
        if (value.kind() == Kind.SYMBOL || value.kind() == Kind.END) {
            throw SqlServerException.syntax(value.text());
        }
        List<Token> expression = value.is("DEFAULT") ? List.of() : tokens.slice(from, tokens.position());
        boolean output = tokens.skip("OUTPUT") || tokens.skip("OUT");
        return new Argument(name, expression, output);
    }

    private Statement conditional() {
        tokens.next();
        List<Token> condition = StatementBounds.expression(tokens, false);
        Statement then = statement();
        int afterThen = tokens.position();
        skipSemicolons();
        if (tokens.skip("ELSE")) {
            return new Statement.If(condition, then, Optional.of(statement()));
        }
        tokens.moveTo(afterThen);
        return new Statement.If(condition, then, Optional.empty());
    }

    private Statement loop() {
        tokens.next();
        List<Token> condition = StatementBounds.expression(tokens, false);
        return new Statement.While(condition, statement());
    }

    private Statement definition() {
        int from = tokens.position();
        String verb = tokens.peek().text().toUpperCase(Locale.ROOT);
        StatementBounds.definition(tokens);
        return new Statement.Definition(verb, tokens.slice(from, tokens.position()));
    }

    /** Splits at the commas outside of parentheses. */
    static List<List<Token>> split(List<Token> list) {
        List<List<Token>> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < list.size(); i++) {
            Token token = list.get(i);
            if (token.isSymbol("(")) {
                depth++;
            } else if (token.isSymbol(")")) {
                depth--;
            } else if (token.isSymbol(",") && depth == 0) {
                parts.add(list.subList(from, i));
                from = i + 1;
            }
        }
        if (from < list.size() || !parts.isEmpty()) {
            parts.add(list.subList(from, list.size()));
        }
        return parts;
    }
}
