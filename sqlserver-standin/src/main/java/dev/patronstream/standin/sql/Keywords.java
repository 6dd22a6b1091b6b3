package dev.patronstream.standin.sql;

import dev.patronstream.standin.sql.Token.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Words that the translation must not take for names. */
final class Keywords {
    private static final Set<String> OF_THE_ENGINE = Set.of(
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

    private static final Set<String> CLAUSES = Set.of(
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

    private Keywords() {}

    /** A word that is a name in T-SQL and a keyword of the engine. */
    static boolean isOfTheEngine(Token token) {
        return OF_THE_ENGINE.contains(upper(token));
    }

    /** A word that ends a select list. */
    static boolean endsSelectList(Token token) {
        return token.kind() == Kind.WORD && LIST_ENDS.contains(upper(token));
    }

    /** Whether a list in parentheses holds table hints and nothing else. */
    static boolean areHints(List<Token> inside) {
        return !inside.isEmpty()
                && inside.stream()
                        .allMatch(token ->
                                token.isSymbol(",") || (token.kind() == Kind.WORD && HINTS.contains(upper(token))));
    }

    /** A word before a parenthesis that is no function: {@code IN (}, {@code VALUES (}, {@code AS (}, ... */
    static boolean isClause(Token token) {
        return token.kind() == Kind.WORD && CLAUSES.contains(upper(token));
    }

    private static String upper(Token token) {
        return token.text().toUpperCase(Locale.ROOT);
    }
}
