package dev.patronstream.standin.sql;

import dev.patronstream.standin.sql.Token.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Translates calls of T-SQL's functions into the engine's dialect, as a part of a {@link Translator}. */
final class FunctionTranslator {
    private final Scope scope;
    private final Translator to;

    FunctionTranslator(Scope scope, Translator to) {
        this.scope = scope;
        this.to = to;
    }

    /** Writes the call of a built-in function; false if there is no such function, and nothing is written. */
    boolean builtIn(String name, List<Token> inside) {
        List<List<Token>> arguments = BatchParser.split(inside);
        switch (name) {
            case "cast", "try_cast" -> cast(inside);
            case "convert", "try_convert" -> convert(arguments);
            case "serverproperty" -> to.bind(scope.property(literal(arguments, 0)));
            case "databasepropertyex" -> to.bind(scope.property(literal(arguments, 1)));
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
            value.ifPresent(to::bind);
            return value.isPresent();
        }
        SqlType answer = Functions.CATALOG.get(name);
        if (answer != null) {
            to.write("CAST(\"sys\".\"" + name + "\"(");
            to.level(new Tokens(inside));
            to.write(") AS " + answer.engineType() + ")");
            return true;
        }
        if (Functions.DATE_PARTS.contains(name) && arguments.size() == 3) {
            to.write(name.toUpperCase(Locale.ROOT) + "("
                    + arguments.get(0).get(0).text());
            for (List<Token> argument : arguments.subList(1, 3)) {
                to.write(",");
                to.level(new Tokens(argument));
            }
            to.write(")");
            return true;
        }
        return false;
    }

    private void expand(String template, List<List<Token>> arguments) {
        int from = 0;
        for (int at = template.indexOf('$'); at >= 0; at = template.indexOf('$', from)) {
            to.write(template.substring(from, at));
            to.level(new Tokens(arguments.get(template.charAt(at + 1) - '1')));
            from = at + 2;
        }
        to.write(template.substring(from));
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
        to.write("CAST(");
        to.level(new Tokens(expression));
        to.write("AS " + type.engineType() + ")");
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
            to.write("CAST(\"sys\".\"" + function + "\"(");
            to.level(new Tokens(arguments.get(1)));
            to.write(",");
            to.level(new Tokens(arguments.get(2)));
            to.write(") AS " + type.engineType() + ")");
            return;
        }
        castTo(type, arguments.get(1));
    }

    private void datePart(List<List<Token>> arguments) {
        String part = arguments.get(0).get(0).text().toLowerCase(Locale.ROOT);
        if (part.equals("tzoffset") || part.equals("tz")) {
            to.write("(EXTRACT(TIMEZONE_HOUR FROM");
            to.level(new Tokens(arguments.get(1)));
            to.write(") * 60 + EXTRACT(TIMEZONE_MINUTE FROM");
            to.level(new Tokens(arguments.get(1)));
            to.write("))");
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
        to.write("EXTRACT(" + unit + " FROM");
        to.level(new Tokens(arguments.get(1)));
        to.write(")");
    }

    /** {@code cdc.fn_cdc_get_all_changes_<instance>(from, to, filter)} as the query that it stands for. */
    void change(String name, List<List<Token>> arguments) {
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
        to.check(check.result());
        StringBuilder list =
                new StringBuilder("(SELECT \"__$start_lsn\", \"__$seqval\", \"__$operation\", \"__$update_mask\"");
        for (String column : columns) {
            list.append(", ").append(Translator.quoted(column));
        }
        to.write(list + " FROM \"cdc\"." + Translator.quoted(instance + "_CT") + " WHERE \"__$start_lsn\" >=");
        to.level(new Tokens(arguments.get(0)));
        to.write("AND \"__$start_lsn\" <=");
        to.level(new Tokens(arguments.get(1)));
        to.write("AND (\"__$operation\" <> 3 OR LOWER(");
        to.level(new Tokens(arguments.get(2)));
        to.write(") = 'all update old'))");
    }
}
