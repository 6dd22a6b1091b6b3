package dev.patronstream.standin.sql;

import dev.patronstream.standin.sql.Token.Kind;
import java.util.List;

/** A position in a list of tokens, with the questions a parser asks. Not thread-safe. */
public final class Tokens {
    private final List<Token> tokens;
    private final Token end;
    private int position;

    public Tokens(List<Token> tokens) {
        this.tokens = tokens;
        int last = tokens.isEmpty() ? 0 : tokens.get(tokens.size() - 1).end();
        this.end = new Token(Kind.END, "", last, last);
    }

    public int position() {
        return position;
    }

    public void moveTo(int newPosition) {
        position = newPosition;
    }

    public boolean atEnd() {
        return position >= tokens.size();
    }

    public Token peek() {
        return peek(0);
    }

    public Token peek(int ahead) {
        int index = position + ahead;
        return index >= 0 && index < tokens.size() ? tokens.get(index) : end;
    }

    public Token next() {
        Token token = peek();
        position++;
        return token;
    }

    public List<Token> slice(int from, int to) {
        return tokens.subList(from, Math.min(to, tokens.size()));
    }

    /** The tokens from here to the end, consumed. */
    public List<Token> rest() {
        List<Token> rest = slice(position, tokens.size());
        position = tokens.size();
        return rest;
    }

    /** Consumes the word if it is next. */
    public boolean skip(String word) {
        if (peek().is(word)) {
            position++;
            return true;
        }
        return false;
    }

    /** Consumes the words if all of them are next. */
    public boolean skip(String first, String second) {
        if (peek().is(first) && peek(1).is(second)) {
            position += 2;
            return true;
        }
        return false;
    }

    public boolean skipSymbol(String symbol) {
        if (peek().isSymbol(symbol)) {
            position++;
            return true;
        }
        return false;
    }

    public void expect(String word) {
        if (!skip(word)) {
            throw unexpected();
        }
    }

    public void expectSymbol(String symbol) {
        if (!skipSymbol(symbol)) {
            throw unexpected();
        }
    }

    public String expectName() {
        if (!peek().isName()) {
            throw unexpected();
        }
        return next().text();
    }

    public int expectInteger() {
        if (peek().kind() != Kind.NUMBER) {
            throw unexpected();
        }
        try {
            return Integer.parseInt(next().text());
        } catch (NumberFormatException e) {
            throw SqlServerException.syntax(peek(-1).text());
        }
    }

    /** The tokens inside the parentheses that open here; both parentheses are consumed. */
    public List<Token> parenthesized() {
        expectSymbol("(");
        int from = position;
        int depth = 1;
        while (true) {
            Token token = next();
            if (token.isSymbol("(")) {
                depth++;
            } else if (token.isSymbol(")")) {
                depth--;
                if (depth == 0) {
                    return slice(from, position - 1);
                }
            } else if (token.kind() == Kind.END) {
                throw SqlServerException.syntax("(");
            }
        }
    }

    public SqlServerException unexpected() {
        Token token = peek();
        return SqlServerException.syntax(token.kind() == Kind.END ? peek(-1).text() : token.text());
    }
}
