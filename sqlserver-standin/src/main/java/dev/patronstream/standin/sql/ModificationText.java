package dev.patronstream.standin.sql;

import dev.patronstream.standin.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Adds the INTO and FROM that T-SQL lets one leave out, and refuses the clauses that the engine has no match for. */
final class ModificationText {
    private ModificationText() {}

    static List<Token> normalized(List<Token> tokens) {
        refuseOutput(tokens);
        Token verb = tokens.get(0);
        if (verb.is("INSERT")) {
            return withWord(tokens, verb, "INTO");
        }
        if (verb.is("DELETE")) {
            return withWord(tokens, verb, "FROM");
        }
        return tokens;
    }

    private static List<Token> withWord(List<Token> tokens, Token verb, String word) {
        Tokens reader = new Tokens(tokens);
        reader.next();
        if (reader.peek().is("TOP")) {
            throw SqlServerException.unsupported("TOP in " + verb.text().toUpperCase(java.util.Locale.ROOT));
        }
        if (reader.peek().is(word)) {
            return tokens;
        }
        List<Token> result = new ArrayList<>(tokens.size() + 1);
        result.add(verb);
        result.add(new Token(Kind.WORD, word, verb.start(), verb.end()));
        result.addAll(tokens.subList(1, tokens.size()));
        return result;
    }

    private static void refuseOutput(List<Token> tokens) {
        int depth = 0;
        for (Token token : tokens) {
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
            if (depth == 0 && token.is("OUTPUT")) {
                throw SqlServerException.unsupported("the OUTPUT clause");
            }
        }
    }
}
