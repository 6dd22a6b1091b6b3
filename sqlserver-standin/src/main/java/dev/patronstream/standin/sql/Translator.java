package dev.patronstream.standin.sql;

import dev.patronstream.standin.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Translates queries, modifications and expressions from T-SQL tokens into the engine's dialect: names of several
 * parts, variables as bindings, functions, types, hints, TOP, aliases. It works on structure (a name in the place of a
 * function, an item of a select list), never on whole texts; what it does not know it hands on, and the engine knows it
 * or refuses it.
 */
public final class Translator {
    private final Scope scope;
    private final StringBuilder sql = new StringBuilder();
    private final List<TypedValue> bindings = new ArrayList<>();
    private final List<EngineSql> checks = new ArrayList<>();
    private final FunctionTranslator functions;

    Translator(Scope scope) {
        this.scope = scope;
        this.functions = new FunctionTranslator(scope, this);
    }

    /** Translates a query or an expression. */
    public static EngineSql translate(List<Token> tokens, Scope scope) {
        Translator translator = new Translator(scope);
        translator.level(new Tokens(tokens));
        return translator.result();
    }

    /** Translates {@code prefix expression suffix}, where prefix and suffix are the engine's SQL already. */
    public static EngineSql translate(String prefix, List<Token> tokens, String suffix, Scope scope) {
        Translator translator = new Translator(scope);
        translator.write(prefix);
        translator.level(new Tokens(tokens));
        translator.write(suffix);
        return translator.result();
    }

    /** Translates an INSERT, UPDATE, DELETE or MERGE, adding the words that T-SQL lets one leave out. */
    public static EngineSql modification(List<Token> tokens, Scope scope) {
        Translator translator = new Translator(scope);
        translator.level(new Tokens(ModificationText.normalized(tokens)));
        return translator.result();
    }

    EngineSql result() {
        return new EngineSql(sql.toString(), List.copyOf(bindings), List.copyOf(checks));
    }

    void write(String text) {
        if (!sql.isEmpty() && sql.charAt(sql.length() - 1) != ' ') {
            sql.append(' ');
        }
        sql.append(text);
    }

    void bind(TypedValue value) {
        bindings.add(value);
        write("CAST(? AS " + value.type().engineType() + ")");
    }

    /** Something that must hold before the statement is run. */
    void check(EngineSql check) {
        checks.add(check);
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Everything in one pair of parentheses, or the whole statement. */
    void level(Tokens tokens) {
        boolean inSelectList = false;
        boolean itemStarts = false;
        while (!tokens.atEnd()) {
            Token token = tokens.peek();
            if (token.is("SELECT")) {
                tokens.next();
                select(tokens);
                inSelectList = true;
                itemStarts = true;
                continue;
            }
            if (Keywords.endsSelectList(token)) {
                inSelectList = false;
            }
            if (inSelectList && itemStarts && token.isName() && tokens.peek(1).isSymbol("=")) {
                aliasedItem(tokens);
            } else if (inSelectList && token.kind() == Kind.STRING && endsExpression(tokens.peek(-1))) {
                write("AS " + quoted(tokens.next().text()));
            } else if (inSelectList && token.is("AS") && tokens.peek(1).kind() == Kind.STRING) {
                tokens.next();
                write("AS " + quoted(tokens.next().text()));
            } else {
                element(tokens);
            }
            itemStarts = token.isSymbol(",");
        }
    }

    private static boolean endsExpression(Token before) {
        return switch (before.kind()) {
            case STRING, NUMBER, BINARY, VARIABLE, SYSTEM_VARIABLE, QUOTED -> true;
            case SYMBOL -> before.isSymbol(")");
            case WORD -> before.isAnyOf("NULL", "END");
            case END -> false;
        };
    }

    /** After SELECT: T-SQL says DISTINCT TOP, the engine TOP DISTINCT. */
    private void select(Tokens tokens) {
        write("SELECT");
        boolean distinct = tokens.skip("DISTINCT");
        tokens.skip("ALL");
        if (tokens.skip("TOP")) {
            write("TOP (");
            if (tokens.peek().isSymbol("(")) {
                level(new Tokens(tokens.parenthesized()));
            } else {
                element(tokens);
            }
            write(")");
            if (tokens.skip("PERCENT")) {
                write("PERCENT");
            }
            if (tokens.skip("WITH", "TIES")) {
                write("WITH TIES");
            }
        }
        if (distinct) {
            write("DISTINCT");
        }
    }

    /** {@code alias = expression} in a select list. */
    private void aliasedItem(Tokens tokens) {
        String alias = tokens.next().text();
        tokens.next();
        int caseDepth = 0;
        while (!tokens.atEnd() && !tokens.peek().isSymbol(",")) {
            Token token = tokens.peek();
            if (caseDepth == 0 && Keywords.endsSelectList(token)) {
                break;
            }
            caseDepth += token.is("CASE") ? 1 : token.is("END") ? -1 : 0;
            element(tokens);
        }
        write("AS " + quoted(alias));
    }

    private void element(Tokens tokens) {
        Token token = tokens.peek();
        switch (token.kind()) {
            case STRING -> {
                tokens.next();
                write("'" + token.text().replace("'", "''") + "'");
            }
            case NUMBER -> {
                tokens.next();
                write(token.text());
            }
            case BINARY -> {
                tokens.next();
                write("X'" + token.text() + "'");
            }
            case VARIABLE -> {
                tokens.next();
                variable(token.text());
            }
            case SYSTEM_VARIABLE -> {
                tokens.next();
                bind(scope.systemValue(token.text().toLowerCase(Locale.ROOT))
                        .orElseThrow(() -> SqlServerException.undeclared(token.text())));
            }
            case SYMBOL -> symbol(tokens);
            case WORD -> {
                if (!clause(tokens)) {
                    name(tokens);
                }
            }
            case QUOTED -> name(tokens);
            case END -> throw tokens.unexpected();
        }
    }

    private void variable(String name) {
        Optional<TypedValue> value = scope.variable(name);
        if (value.isPresent()) {
            bind(value.get());
            return;
        }
        write(quoted(scope.tableVariable(name).orElseThrow(() -> SqlServerException.undeclared(name))));
    }

    private void symbol(Tokens tokens) {
        Token token = tokens.peek();
        switch (token.text()) {
            case "(" -> {
                write("(");
                level(new Tokens(tokens.parenthesized()));
                write(")");
            }
            case "{" -> odbcEscape(tokens);
            case "!<" -> replace(tokens, ">=");
            case "!>" -> replace(tokens, "<=");
            default -> replace(tokens, token.text());
        }
    }

    private void replace(Tokens tokens, String text) {
        tokens.next();
        write(text);
    }

    /** {@code {ts '...'}}, {@code {d '...'}}, {@code {t '...'}}, {@code {fn name(...)}}. */
    private void odbcEscape(Tokens tokens) {
        tokens.next();
        String kind = tokens.next().text().toLowerCase(Locale.ROOT);
        switch (kind) {
            case "ts" -> write("TIMESTAMP");
            case "d" -> write("DATE");
            case "t" -> write("TIME");
            case "fn" -> {}
            default -> throw SqlServerException.syntax("{" + kind);
        }
        while (!tokens.peek().isSymbol("}")) {
            element(tokens);
        }
        tokens.next();
    }

    /** Clauses that are dropped, and words that T-SQL puts elsewhere. */
    private boolean clause(Tokens tokens) {
        Token token = tokens.peek();
        if (token.isAnyOf("WITH", "OPTION") && tokens.peek(1).isSymbol("(")) {
            tokens.next();
            tokens.parenthesized();
            return true;
        }
        if (token.is("COLLATE")) {
            tokens.next();
            tokens.next();
            return true;
        }
        if (token.isAnyOf("CURRENT_TIMESTAMP", "CURRENT_USER", "SESSION_USER", "SYSTEM_USER", "USER")) {
            tokens.next();
            bind(scope.systemValue(token.text().toLowerCase(Locale.ROOT)).orElseThrow());
            return true;
        }
        return false;
    }

    private void name(Tokens tokens) {
        Token first = tokens.next();
        if (!tokens.peek().isSymbol(".") && !tokens.peek().isSymbol("(")) {
            boolean plain =
                    first.kind() == Kind.WORD && first.text().charAt(0) != '#' && !Keywords.isOfTheEngine(first);
            write(plain ? first.text() : quoted(first.text()));
            return;
        }
        List<String> parts = new ArrayList<>();
        parts.add(first.text());
        while (tokens.skipSymbol(".")) {
            if (tokens.peek().isSymbol("*")) {
                tokens.next();
                parts.add("*");
            } else {
                parts.add(tokens.peek().isSymbol(".") ? "" : tokens.expectName());
            }
        }
        parts = withoutDatabase(parts);
        if (tokens.peek().isSymbol("(") && (parts.size() > 1 || !Keywords.isClause(first))) {
            call(parts, first, tokens);
        } else {
            writeParts(parts, first);
        }
    }

    private List<String> withoutDatabase(List<String> parts) {
        if (parts.size() < 3) {
            return parts;
        }
        String database = parts.get(0);
        if (parts.size() == 3 && !parts.get(1).isEmpty() && !scope.isDatabase(database)) {
            return parts;
        }
        List<String> rest = new ArrayList<>(parts.subList(1, parts.size()));
        if (rest.get(0).isEmpty()) {
            rest.set(0, "dbo");
        }
        String wanted = database.toLowerCase(Locale.ROOT);
        if (wanted.equals("msdb") && rest.get(0).equalsIgnoreCase("dbo")) {
            rest.set(0, "msdb");
            return rest;
        }
        if (scope.isCurrentDatabase(database)
                || Set.of("master", "msdb", "tempdb").contains(wanted)) {
            return rest;
        }
        if (scope.isDatabase(database)) {
            throw SqlServerException.unsupported("queries across databases (" + database + ")");
        }
        throw SqlServerException.unknownObject(String.join(".", parts));
    }

    private void writeParts(List<String> parts, Token first) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (i > 0) {
                text.append('.');
            }
            boolean schema = i == 0 && part.equalsIgnoreCase("INFORMATION_SCHEMA");
            text.append(part.equals("*") ? "*" : quoted(schema ? "information_schema_views" : part));
        }
        boolean bareWord = parts.size() == 1 && first.kind() == Kind.WORD;
        write(bareWord ? parts.get(0) : text.toString());
    }

    private void call(List<String> parts, Token first, Tokens tokens) {
        String name = parts.get(parts.size() - 1).toLowerCase(Locale.ROOT);
        String schema = parts.size() > 1 ? parts.get(parts.size() - 2).toLowerCase(Locale.ROOT) : "";
        List<Token> inside = tokens.parenthesized();
        if (schema.equals("cdc") && name.startsWith("fn_cdc_get_")) {
            functions.change(parts.get(parts.size() - 1), BatchParser.split(inside));
            return;
        }
        if (schema.isEmpty() || schema.equals("sys")) {
            if (Keywords.areHints(inside)) {
                writeParts(parts, first);
                return;
            }
            if (functions.builtIn(name, inside)) {
                return;
            }
        }
        writeParts(parts, first);
        write("(");
        level(new Tokens(inside));
        write(")");
    }
}
