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
    private static final Set<String> ENGINE_KEYWORDS = Set.of(
            "ARRAY",
            "ASYMMETRIC",
            "BOTH",
            "DAY",
            "FALSE",
            "GROUPS",
            "HOUR",
            "INTERVAL",
            "LEADING",
            "LIMIT",
            "LOCALTIME",
            "LOCALTIMESTAMP",
            "MINUS",
            "MINUTE",
            "MONTH",
            "NATURAL",
            "QUALIFY",
            "REGEXP",
            "ROW",
            "ROWNUM",
            "SECOND",
            "SYMMETRIC",
            "TRAILING",
            "TRUE",
            "UESCAPE",
            "UNKNOWN",
            "VALUE",
            "WINDOW",
            "YEAR");
    private static final Set<String> LIST_ENDS =
            Set.of("FROM", "WHERE", "GROUP", "HAVING", "ORDER", "UNION", "EXCEPT", "INTERSECT", "INTO", "OPTION");
    private static final Set<String> HINTS = Set.of(
            "NOLOCK",
            "READUNCOMMITTED",
            "READCOMMITTED",
            "READPAST",
            "REPEATABLEREAD",
            "SERIALIZABLE",
            "HOLDLOCK",
            "UPDLOCK",
            "ROWLOCK",
            "PAGLOCK",
            "TABLOCK",
            "TABLOCKX",
            "XLOCK",
            "NOWAIT",
            "SNAPSHOT");

    private final Scope scope;
    private final StringBuilder sql = new StringBuilder();
    private final List<TypedValue> bindings = new ArrayList<>();
    private final List<EngineSql> checks = new ArrayList<>();

    private Translator(Scope scope) {
        this.scope = scope;
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
        translator.level(new Tokens(ModificationText.normalised(tokens)));
        return translator.result();
    }

    private EngineSql result() {
        return new EngineSql(sql.toString(), List.copyOf(bindings), List.copyOf(checks));
    }

    private void write(String text) {
        if (!sql.isEmpty() && sql.charAt(sql.length() - 1) != ' ') {
            sql.append(' ');
        }
        sql.append(text);
    }

    private void bind(TypedValue value) {
        bindings.add(value);
        write("CAST(? AS " + value.type().engineType() + ")");
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Everything in one pair of parentheses, or the whole statement. */
    private void level(Tokens tokens) {
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
            if (token.kind() == Kind.WORD && LIST_ENDS.contains(token.text().toUpperCase(Locale.ROOT))) {
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
                level(new Tokens(tokens.parenthesised()));
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
            if (caseDepth == 0
                    && token.kind() == Kind.WORD
                    && LIST_ENDS.contains(token.text().toUpperCase(Locale.ROOT))) {
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
                level(new Tokens(tokens.parenthesised()));
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
            tokens.parenthesised();
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
            boolean plain = first.kind() == Kind.WORD
                    && first.text().charAt(0) != '#'
                    && !ENGINE_KEYWORDS.contains(first.text().toUpperCase(Locale.ROOT));
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
        if (tokens.peek().isSymbol("(") && (parts.size() > 1 || !isClauseWord(first))) {
            call(parts, first, tokens);
        } else {
            writeParts(parts, first);
        }
    }

    /** A word before a parenthesis that is no function: {@code IN (}, {@code VALUES (}, {@code AS (}, ... */
    private static boolean isClauseWord(Token token) {
        return token.isAnyOf(
                "IN",
                "VALUES",
                "AS",
                "EXISTS",
                "AND",
                "OR",
                "NOT",
                "ON",
                "OVER",
                "BY",
                "WHERE",
                "FROM",
                "JOIN",
                "ANY",
                "ALL",
                "SOME",
                "UNION",
                "EXCEPT",
                "INTERSECT",
                "WHEN",
                "THEN",
                "ELSE",
                "CASE",
                "BETWEEN",
                "LIKE",
                "SET",
                "USING",
                "HAVING",
                "INSERT",
                "INTO",
                "TOP",
                "KEY",
                "IS",
                "OFFSET",
                "FETCH",
                "NEXT",
                "DISTINCT",
                "SELECT",
                "ESCAPE");
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
        List<Token> inside = tokens.parenthesised();
        if (schema.equals("cdc") && name.startsWith("fn_cdc_get_")) {
            changeFunction(parts.get(parts.size() - 1), BatchParser.split(inside));
            return;
        }
        if (schema.isEmpty() || schema.equals("sys")) {
            if (onlyHints(inside)) {
                writeParts(parts, first);
                return;
            }
            if (builtIn(name, inside)) {
                return;
            }
        }
        writeParts(parts, first);
        write("(");
        level(new Tokens(inside));
        write(")");
    }

    private static boolean onlyHints(List<Token> inside) {
        return !inside.isEmpty()
                && inside.stream()
                        .allMatch(token -> token.isSymbol(",")
                                || (token.kind() == Kind.WORD
                                        && HINTS.contains(token.text().toUpperCase(Locale.ROOT))));
    }

    private boolean builtIn(String name, List<Token> inside) {
        List<List<Token>> arguments = BatchParser.split(inside);
        switch (name) {
            case "cast", "try_cast" -> cast(inside);
            case "convert", "try_convert" -> convert(arguments);
            case "serverproperty" -> bind(scope.property(literal(arguments, 0)));
            case "databasepropertyex" -> bind(scope.property(literal(arguments, 1)));
            case "datepart", "datename" -> datePart(arguments);
            default -> {
                return tabled(name, inside, arguments);
            }
        }
        return true;
    }

    private boolean tabled(String name, List<Token> inside, List<List<Token>> arguments) {
        String template = Functions.TEMPLATES.get(name + "/" + arguments.size());
        if (template != null) {
            expand(template, arguments);
            return true;
        }
        if (Functions.SESSION.contains(name)) {
            Optional<TypedValue> value = scope.systemValue(name);
            value.ifPresent(this::bind);
            return value.isPresent();
        }
        SqlType answer = Functions.CATALOG.get(name);
        if (answer != null) {
            write("CAST(\"sys\".\"" + name + "\"(");
            level(new Tokens(inside));
            write(") AS " + answer.engineType() + ")");
            return true;
        }
        if (Functions.DATE_PARTS.contains(name) && arguments.size() == 3) {
            write(name.toUpperCase(Locale.ROOT) + "(" + arguments.get(0).get(0).text());
            for (List<Token> argument : arguments.subList(1, 3)) {
                write(",");
                level(new Tokens(argument));
            }
            write(")");
            return true;
        }
        return false;
    }

    private void expand(String template, List<List<Token>> arguments) {
        int from = 0;
        for (int at = template.indexOf('$'); at >= 0; at = template.indexOf('$', from)) {
            write(template.substring(from, at));
            level(new Tokens(arguments.get(template.charAt(at + 1) - '1')));
            from = at + 2;
        }
        write(template.substring(from));
    }

    private static String literal(List<List<Token>> arguments, int index) {
        if (index >= arguments.size()
                || arguments.get(index).size() != 1
                || arguments.get(index).get(0).kind() != Kind.STRING) {
            throw SqlServerException.unsupported("a property name that is not a literal");
        }
        return arguments.get(index).get(0).text().toLowerCase(Locale.ROOT);
    }

    private void cast(List<Token> inside) {
        int as = inside.size() - 1;
        int depth = 0;
        while (as >= 0 && !(depth == 0 && inside.get(as).is("AS"))) {
            depth += inside.get(as).isSymbol(")") ? 1 : inside.get(as).isSymbol("(") ? -1 : 0;
            as--;
        }
        if (as <= 0) {
            throw SqlServerException.syntax("CAST");
        }
        castTo(SqlType.parse(new Tokens(inside.subList(as + 1, inside.size())), 30), inside.subList(0, as));
    }

    private void castTo(SqlType type, List<Token> expression) {
        write("CAST(");
        level(new Tokens(expression));
        write("AS " + type.engineType() + ")");
    }

    private void convert(List<List<Token>> arguments) {
        if (arguments.size() < 2) {
            throw SqlServerException.syntax("CONVERT");
        }
        SqlType type = SqlType.parse(new Tokens(arguments.get(0)), 30);
        String function = type.isText()
                ? "convert_to_text"
                : type.isBinary() ? "convert_to_binary" : type.isTemporal() ? "convert_to_time" : "";
        if (arguments.size() == 3 && !function.isEmpty()) {
            write("CAST(\"sys\".\"" + function + "\"(");
            level(new Tokens(arguments.get(1)));
            write(",");
            level(new Tokens(arguments.get(2)));
            write(") AS " + type.engineType() + ")");
            return;
        }
        castTo(type, arguments.get(1));
    }

    private void datePart(List<List<Token>> arguments) {
        String part = arguments.get(0).get(0).text().toLowerCase(Locale.ROOT);
        if (part.equals("tzoffset") || part.equals("tz")) {
            write("(EXTRACT(TIMEZONE_HOUR FROM");
            level(new Tokens(arguments.get(1)));
            write(") * 60 + EXTRACT(TIMEZONE_MINUTE FROM");
            level(new Tokens(arguments.get(1)));
            write("))");
            return;
        }
        String unit =
                switch (part) {
                    case "year", "yy", "yyyy" -> "YEAR";
                    case "quarter", "qq", "q" -> "QUARTER";
                    case "month", "mm", "m" -> "MONTH";
                    case "day", "dd", "d" -> "DAY";
                    case "dayofyear", "dy", "y" -> "DAY_OF_YEAR";
                    case "week", "wk", "ww" -> "WEEK";
                    case "weekday", "dw", "w" -> "DAY_OF_WEEK";
                    case "hour", "hh" -> "HOUR";
                    case "minute", "mi", "n" -> "MINUTE";
                    case "second", "ss", "s" -> "SECOND";
                    case "millisecond", "ms" -> "MILLISECOND";
                    default ->
                        throw new SqlServerException(155, 15, 1, "'" + part + "' is not a recognized datepart option.");
                };
        write("EXTRACT(" + unit + " FROM");
        level(new Tokens(arguments.get(1)));
        write(")");
    }

    /** {@code cdc.fn_cdc_get_all_changes_<instance>(from, to, filter)} as the query that it stands for. */
    private void changeFunction(String name, List<List<Token>> arguments) {
        String prefix = "fn_cdc_get_all_changes_";
        if (!name.toLowerCase(Locale.ROOT).startsWith(prefix)) {
            throw SqlServerException.unsupported("net changes (cdc." + name + ")");
        }
        String instance = name.substring(prefix.length());
        List<String> columns =
                scope.capturedColumns(instance).orElseThrow(() -> SqlServerException.unknownObject("cdc." + name));
        if (arguments.size() != 3) {
            throw new SqlServerException(
                    313,
                    16,
                    3,
                    "An insufficient number of arguments were supplied for the procedure or function cdc." + name
                            + ".");
        }
        Translator check = new Translator(scope);
        check.write("SELECT \"sys\".\"check_change_range\"('" + instance.replace("'", "''") + "',");
        for (int i = 0; i < 3; i++) {
            check.level(new Tokens(arguments.get(i)));
            check.write(i < 2 ? "," : ")");
        }
        checks.add(check.result());
        StringBuilder list =
                new StringBuilder("(SELECT \"__$start_lsn\", \"__$seqval\", \"__$operation\", \"__$update_mask\"");
        for (String column : columns) {
            list.append(", ").append(quoted(column));
        }
        write(list + " FROM \"cdc\"." + quoted(instance + "_CT") + " WHERE \"__$start_lsn\" >=");
        level(new Tokens(arguments.get(0)));
        write("AND \"__$start_lsn\" <=");
        level(new Tokens(arguments.get(1)));
        write("AND (\"__$operation\" <> 3 OR LOWER(");
        level(new Tokens(arguments.get(2)));
        write(") = 'all update old'))");
    }
}
