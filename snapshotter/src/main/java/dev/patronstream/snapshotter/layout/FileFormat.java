package dev.patronstream.snapshotter.layout;

/**
 * How the files of a layout are written.
 *
 * @param headers what the first row says
 * @param encoding their encoding, never with a byte order mark
 * @param lineEnd how a row ends
 * @param delimiter what stands between two values
 * @param quotes which values stand in quotes
 */
public record FileFormat(Headers headers, TextEncoding encoding, LineEnd lineEnd, char delimiter, Quotes quotes) {

    /** Comma, quotes only where needed, CR LF, UTF-8, names in the first row. */
    public static final FileFormat USUAL =
            new FileFormat(Headers.NAMES, TextEncoding.UTF_8, LineEnd.CRLF, ',', Quotes.NEEDED);

    /** What the first row says. */
    public enum Headers {
        /** The columns' names for people. */
        NAMES,
        /** The columns' keys. */
        KEYS,
        /** There is no such row. */
        NONE
    }

    /** How a row ends. */
    public enum LineEnd {
        /** As in Windows, and in RFC 4180. */
        CRLF,
        /** As in Unix. */
        LF
    }

    /** Which values stand in quotes. */
    public enum Quotes {
        /** Those that hold a delimiter, a quote or a line end. */
        NEEDED,
        /** All of them. */
        ALWAYS
    }
}
