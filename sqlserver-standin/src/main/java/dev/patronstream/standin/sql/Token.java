package dev.patronstream.standin.sql;

/**
 * One lexical unit of T-SQL.
 *
 * @param kind what it is
 * @param text its value: a name without its brackets, a string without its quotes, anything else as written
 * @param start offset of its first character in the batch
 * @param end offset after its last character
 */
public record Token(Kind kind, String text, int start, int end) {
    /** The kinds of tokens. */
    public enum Kind {
        /** An unquoted name or keyword. */
        WORD,
        /** A name in brackets or double quotes. */
        QUOTED,
        /** A string, national or not. */
        STRING,
        /** A number. */
        NUMBER,
        /** A binary literal; the text is its hexadecimal digits. */
        BINARY,
        /** A variable, parameter or table variable; the text starts with {@code @}. */
        VARIABLE,
        /** A system variable; the text starts with {@code @@}. */
        SYSTEM_VARIABLE,
        /** An operator or a punctuation mark. */
        SYMBOL,
        /** After the last token. */
        END
    }

    /** Whether this is the unquoted word, in any case. */
    public boolean is(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    /** Whether this is one of the unquoted words, in any case. */
    public boolean isAnyOf(String... words) {
        for (String word : words) {
            if (is(word)) {
                return true;
            }
        }
        return false;
    }

    /** Whether this is the operator or punctuation mark. */
    public boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /** Whether this can be a name: a word or a quoted name. */
    public boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED;
    }
}
