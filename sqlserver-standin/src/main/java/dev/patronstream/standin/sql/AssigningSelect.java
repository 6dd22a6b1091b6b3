package dev.patronstream.standin.sql;

import dev.patronstream.standin.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Recognizes {@code SELECT @a = x, @b = y FROM ...}, which sets variables instead of answering rows. */
final class AssigningSelect {
    private AssigningSelect() {}

    static Optional<Statement.AssignFromQuery> recognize(List<Token> query) {
        Tokens tokens = new Tokens(query);
        if (!tokens.skip("SELECT")) {
            return Optional.empty();
        }
        if (tokens.skip("TOP")) {
            if (tokens.peek().isSymbol("(")) {
                tokens.parenthesized();
            } else {
                tokens.next();
            }
        }
        if (!assignmentAt(tokens)) {
            return Optional.empty();
        }
        List<String> variables = new ArrayList<>();
        List<Token> stripped = new ArrayList<>(query.subList(0, tokens.position()));
        boolean itemStarts = true;
        boolean inList = true;
        while (!tokens.atEnd()) {
            if (inList && itemStarts) {
                if (!assignmentAt(tokens)) {
                    throw new SqlServerException(
                            141,
                            15,
                            1,
                            "A SELECT statement that assigns a value to a variable must not be combined with"
                                    + " data-retrieval operations.");
                }
                variables.add(tokens.next().text());
                tokens.next();
            }
            int from = tokens.position();
            Token token = tokens.peek();
            if (token.isSymbol("(")) {
                tokens.parenthesized();
            } else {
                tokens.next();
            }
            inList &= !token.isAnyOf("FROM", "WHERE", "ORDER", "GROUP", "HAVING", "OPTION");
            itemStarts = token.isSymbol(",");
            stripped.addAll(tokens.slice(from, tokens.position()));
        }
        return Optional.of(new Statement.AssignFromQuery(List.copyOf(variables), stripped));
    }

    private static boolean assignmentAt(Tokens tokens) {
        return tokens.peek().kind() == Kind.VARIABLE && tokens.peek(1).isSymbol("=");
    }
}
