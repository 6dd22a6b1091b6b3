package dev.patronstream.standin.sql;

import dev.patronstream.standin.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Cuts a T-SQL batch into tokens: strings with doubled quotes, {@code N'...'}, {@code [names]} and {@code "names"},
 * nested comments, binary literals, variables.
 */
public final class Tokenizer {
    private static final Set<String> TWO_CHARACTER_SYMBOLS =
            Set.of("<=", ">=", "<>", "!=", "!<", "!>", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "::");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int position;

    private Tokenizer(String text) {
        this.text = text;
    }

    /**
     * Tokenises a batch.
     *
     * @return the tokens, without an end marker
     * @throws SqlServerException for an unclosed string, name or comment
     */
    public static List<Token> tokens(String text) {
        Tokenizer tokenizer = new Tokenizer(text);
        tokenizer.run();
        return List.copyOf(tokenizer.tokens);
    }

    private void run() {
        while (position < text.length()) {
            char c = text.charAt(position);
            if (Character.isWhitespace(c) || c == '\uFEFF' || c == 0) {
                position++;
            } else if (startsWith("--")) {
                int end = text.indexOf('\n', position);
                position = end < 0 ? text.length() : end + 1;
            } else if (startsWith("/*")) {
                skipBlockComment();
            } else {
                token(c);
            }
        }
    }

    private void token(char c) {
        int start = position;
        if (c == '\'') {
            add(Kind.STRING, delimited('\'', start, start), start);
        } else if ((c == 'N' || c == 'n') && charAt(position + 1) == '\'') {
            add(Kind.STRING, delimited('\'', start + 1, start), start);
        } else if (c == '[') {
            add(Kind.QUOTED, delimited(']', start, start), start);
        } else if (c == '"') {
            add(Kind.QUOTED, delimited('"', start, start), start);
        } else if (c == '0' && (charAt(position + 1) == 'x' || charAt(position + 1) == 'X')) {
            position += 2;
            while (Character.digit(charAt(position), 16) >= 0) {
                position++;
            }
            String digits = text.substring(start + 2, position);
            add(Kind.BINARY, digits.length() % 2 == 0 ? digits : "0" + digits, start);
        } else if (isDigit(c) || (c == '.' && isDigit(charAt(position + 1)))) {
            number();
            add(Kind.NUMBER, text.substring(start, position), start);
        } else if (c == '@') {
            position += charAt(position + 1) == '@' ? 2 : 1;
            skipWord();
            String name = text.substring(start, position);
            add(name.startsWith("@@") ? Kind.SYSTEM_VARIABLE : Kind.VARIABLE, name, start);
        } else if (isWordStart(c)) {
            skipWord();
            add(Kind.WORD, text.substring(start, position), start);
        } else {
            boolean two =
                    position + 2 <= text.length() && TWO_CHARACTER_SYMBOLS.contains(text.substring(start, start + 2));
            position += two ? 2 : 1;
            add(Kind.SYMBOL, text.substring(start, position), start);
        }
    }

    private void add(Kind kind, String value, int start) {
        tokens.add(new Token(kind, value, start, position));
    }

    private String delimited(char close, int open, int start) {
        StringBuilder value = new StringBuilder();
        int i = open + 1;
        while (true) {
            if (i >= text.length()) {
                String rest = text.substring(Math.min(open + 1, text.length()));
                throw SqlServerException.unclosedQuote(rest.length() > 40 ? rest.substring(0, 40) : rest, start);
            }
            char c = text.charAt(i);
            if (c == close) {
                if (charAt(i + 1) != close) {
                    break;
                }
                i++;
            }
            value.append(c);
            i++;
        }
        position = i + 1;
        return value.toString();
    }

    private void number() {
        while (isDigit(charAt(position))) {
            position++;
        }
        if (charAt(position) == '.') {
            position++;
            while (isDigit(charAt(position))) {
                position++;
            }
        }
        if (charAt(position) == 'e' || charAt(position) == 'E') {
            int exponent = position + 1;
            if (charAt(exponent) == '+' || charAt(exponent) == '-') {
                exponent++;
            }
            if (isDigit(charAt(exponent))) {
                position = exponent;
                while (isDigit(charAt(position))) {
                    position++;
                }
            }
        }
    }

    private void skipBlockComment() {
        int depth = 0;
        do {
            if (startsWith("/*")) {
                depth++;
                position += 2;
            } else if (startsWith("*/")) {
                depth--;
                position += 2;
            } else if (position >= text.length()) {
                throw new SqlServerException(113, 15, 1, "Missing end comment mark '*/'.");
            } else {
                position++;
            }
        } while (depth > 0);
    }

    private void skipWord() {
        while (isWordPart(charAt(position))) {
            position++;
        }
    }

    private boolean startsWith(String prefix) {
        return text.startsWith(prefix, position);
    }

    private char charAt(int index) {
        return index < text.length() ? text.charAt(index) : '\0';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordStart(char c) {
        return Character.isLetter(c) || c == '_' || c == '#' || c == '$';
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '#' || c == '$' || c == '@';
    }
}
