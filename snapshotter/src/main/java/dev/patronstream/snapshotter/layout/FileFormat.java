package dev.patronstream.snapshotter.layout;

/** How the files of a layout are written, never with a byte order mark. */
public record FileFormat(Headers headers, TextEncoding encoding, LineEnd lineEnd, char delimiter, Quotes quotes) {

    /** Comma, quotes only where needed, CR LF, UTF-8, names in the first row. */
    public static final FileFormat USUAL =
            new FileFormat(Headers.NAMES, TextEncoding.UTF_8, LineEnd.CRLF, ',', Quotes.NEEDED);

    /** What the first row says. */
    public enum Headers {
        NAMES,
        KEYS,
        NONE
    }

    /** How a row ends. */
    public enum LineEnd {
        /** As in Windows, and in RFC 4180. */
        CRLF,
        LF
    }

    /** Which values stand in quotes. */
    public enum Quotes {
        /** Those that hold a delimiter, a quote or a line end. */
        NEEDED,
        ALWAYS
    }
}
