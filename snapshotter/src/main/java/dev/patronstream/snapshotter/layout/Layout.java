package dev.patronstream.snapshotter.layout;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What a file holds, column by column, and how it is written. The CSV and its properties file come from the same list
 * of columns. Immutable.
 */
public final class Layout {

    static final String SITE_KEY = "field_siteShortName";
    static final String STATUS_KEY = "field_status";

    private final List<Column> columns;
    private final boolean header;
    private final TextEncoding encoding;
    private final String encodingName;
    private final Rules rules;

    Layout(List<Column> columns, boolean header, TextEncoding encoding, String encodingName, Rules rules) {
        this.columns = List.copyOf(columns);
        this.rules = rules;
        this.header = header;
        this.encoding = encoding;
        this.encodingName = encodingName;
    }

    /** Returns the header of each column, in order; the vendor's contract, whether a header row is written or not. */
    public List<String> headers() {
        return columns.stream().map(Column::header).toList();
    }

    /** Returns the properties file that tells Destiny what the columns mean; the same bytes for the same columns. */
    public byte[] properties() {
        return PatronImportProperties.of(this);
    }

    /** Returns what is done about bad data. */
    public Rules rules() {
        return rules;
    }

    List<Column> columns() {
        return columns;
    }

    boolean hasHeader() {
        return header;
    }

    TextEncoding encoding() {
        return encoding;
    }

    /** What Destiny calls the encoding in the properties file. */
    String encodingName() {
        return encodingName;
    }

    OptionalInt positionOf(String key) {
        return IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).key().equals(key))
                .findFirst();
    }
}
