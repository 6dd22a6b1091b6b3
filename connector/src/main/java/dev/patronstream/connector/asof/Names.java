package dev.patronstream.connector.asof;

/** Names in T-SQL. */
final class Names {

    private Names() {}

    /** Returns the name in brackets, so that no name is taken for anything else. */
    static String quoted(String name) {
        return "[" + name.replace("]", "]]") + "]";
    }
}
