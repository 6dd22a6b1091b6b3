package dev.patronstream.standin.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds where a statement ends. T-SQL needs no semicolons, so a statement ends where the next one begins: at a keyword
 * that starts statements, unless the statement at hand has a place for that keyword (the SELECT of an INSERT, the SET of
 * an UPDATE, the END of a CASE, ...).
 */
final class StatementBounds {
    private static final Set<String> STARTERS = Set.of(
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "MERGE",
            "SET",
            "DECLARE",
            "IF",
            "WHILE",
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "SAVE",
            "EXEC",
            "EXECUTE",
            "CREATE",
            "ALTER",
            "DROP",
            "TRUNCATE",
            "GRANT",
            "REVOKE",
            "DENY",
            "PRINT",
            "RAISERROR",
            "RETURN",
            "USE",
            "WAITFOR",
            "ELSE",
            "END",
            "BREAK",
            "CONTINUE");

    private final Tokens tokens;
    private int caseDepth;

    private StatementBounds(Tokens tokens) {
        this.tokens = tokens;
    }

    static boolean startsStatement(Token token) {
        return token.kind() == Token.Kind.WORD && STARTERS.contains(token.text().toUpperCase(Locale.ROOT));
    }

    /** Consumes an expression up to the next statement, a semicolon or (if asked) a comma. */
    static List<Token> expression(Tokens tokens, boolean commaEnds) {
        StatementBounds bounds = new StatementBounds(tokens);
        int from = tokens.position();
        while (!bounds.ended() && !(commaEnds && tokens.peek().isSymbol(","))) {
            bounds.advance();
        }
        if (tokens.position() == from) {
            throw tokens.unexpected();
        }
        return tokens.slice(from, tokens.position());
    }

    /**
     * Consumes a query that starts here, and possibly the statement its WITH clause belongs to; gives its verb;
     * "INSERT EXEC" if a call follows that belongs to it.
     */
    static String query(Tokens tokens) {
        StatementBounds bounds = new StatementBounds(tokens);
        if (tokens.peek().is("WITH")) {
            tokens.next();
            while (!tokens.atEnd() && !tokens.peek().isAnyOf("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE")) {
                bounds.advance();
            }
        }
        String verb = tokens.peek().text().toUpperCase(Locale.ROOT);
        switch (verb) {
            case "INSERT" -> {
                return bounds.insert() ? "INSERT EXEC" : verb;
            }
            case "UPDATE" -> bounds.update();
            case "MERGE" -> bounds.merge();
            case "SELECT", "DELETE" -> {
                tokens.next();
                bounds.select();
            }
            default -> throw tokens.unexpected();
        }
        return verb;
    }

    /** Whether the rows come from an EXEC, which then is next. */
    private boolean insert() {
        tokens.next();
        while (!tokens.atEnd() && !tokens.peek().isSymbol(";")) {
            Token token = tokens.peek();
            if (token.isAnyOf("EXEC", "EXECUTE")) {
                return true;
            }
            if (token.isAnyOf("SELECT", "VALUES")
                    || (token.is("WITH") && !tokens.peek(1).isSymbol("("))) {
                tokens.next();
                select();
                return false;
            }
            if (ended()) {
                return false;
            }
            advance();
        }
        return false;
    }

    private void update() {
        tokens.next();
        while (!tokens.atEnd() && !tokens.peek().is("SET")) {
            advance();
        }
        tokens.next();
        select();
    }

    private void merge() {
        tokens.next();
        while (!ended() || mergeAction()) {
            advance();
        }
    }

    private boolean mergeAction() {
        return (tokens.peek(-1).is("THEN") && tokens.peek().isAnyOf("UPDATE", "INSERT", "DELETE"))
                || (tokens.peek(-1).is("UPDATE") && tokens.peek().is("SET"));
    }

    private void select() {
        while (!ended() || unionArm()) {
            advance();
        }
    }

    private boolean unionArm() {
        Token before = tokens.peek(-1);
        return tokens.peek().is("SELECT") && before.isAnyOf("UNION", "ALL", "EXCEPT", "INTERSECT");
    }

    /** Consumes a CREATE, ALTER, DROP, TRUNCATE, GRANT, REVOKE or DENY. */
    static void definition(Tokens tokens) {
        StatementBounds bounds = new StatementBounds(tokens);
        Token verb = tokens.next();
        if (verb.isAnyOf("CREATE", "ALTER")
                && tokens.peek().isAnyOf("PROC", "PROCEDURE", "VIEW", "FUNCTION", "TRIGGER")) {
            tokens.rest();
            return;
        }
        if (verb.isAnyOf("GRANT", "REVOKE", "DENY")) {
            while (!tokens.atEnd()
                    && !tokens.peek().isAnyOf("TO", "FROM")
                    && !tokens.peek().isSymbol(";")) {
                bounds.advance();
            }
        } else if (verb.is("DROP")) {
            tokens.next();
            tokens.skip("IF", "EXISTS");
        } else if (verb.is("ALTER")) {
            tokens.next();
            ObjectName.parse(tokens);
            if (tokens.peek().isAnyOf("DROP", "ALTER", "SET")) {
                tokens.next();
            }
        }
        while (!bounds.ended() || bounds.referentialAction()) {
            bounds.advance();
        }
    }

    private boolean referentialAction() {
        return (tokens.peek(-1).is("ON") && tokens.peek().isAnyOf("DELETE", "UPDATE"))
                || (tokens.peek(-1).isAnyOf("DELETE", "UPDATE")
                        && tokens.peek(-2).is("ON")
                        && tokens.peek().is("SET"));
    }

    /** Whether the statement ends before the next token (asked at parenthesis depth 0 only). */
    private boolean ended() {
        Token token = tokens.peek();
        if (tokens.atEnd() || token.isSymbol(";")) {
            return true;
        }
        if (caseDepth > 0 && token.isAnyOf("ELSE", "END")) {
            return false;
        }
        return startsStatement(token);
    }

    /** Consumes one token, or everything in a pair of parentheses. */
    private void advance() {
        Token token = tokens.peek();
        if (token.isSymbol("(")) {
            tokens.parenthesized();
            return;
        }
        if (token.is("CASE")) {
            caseDepth++;
        } else if (token.is("END") && caseDepth > 0) {
            caseDepth--;
        }
        tokens.next();
    }
}
