package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.PatronKind;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a delivery holds, column by column, and how it is written. The CSV and its properties file come from the same
 * list of columns. Immutable.
 */
public final class Layout {

    static final String SITE_KEY = "field_siteShortName";
    static final String STATUS_KEY = "field_status";

    /** Position of the school's code in layouts that have rows per school; such columns are in none of the files. */
    static final int SCHOOL = 2;

    private final List<Column> columns;
    private final FileFormat format;
    private final String encodingName;
    private final Rules rules;
    private final List<LayoutFile> files;
    private final boolean zipped;
    private final boolean describedByProperties;

    private Layout(
            List<Column> columns,
            FileFormat format,
            String encodingName,
            Rules rules,
            List<LayoutFile> files,
            boolean zipped,
            boolean describedByProperties) {
        this.columns = List.copyOf(columns);
        this.format = format;
        this.encodingName = encodingName;
        this.rules = rules;
        this.files = List.copyOf(files);
        this.zipped = zipped;
        this.describedByProperties = describedByProperties;
    }

    /** One file with a row per patron and all columns, described by a properties file. */
    static Layout ofDestiny(List<Column> columns, FileFormat format, String encodingName, Rules rules) {
        LayoutFile file = new LayoutFile(
                "",
                false,
                EnumSet.allOf(PatronKind.class),
                IntStream.range(0, columns.size()).boxed().toList(),
                format.headers() == FileFormat.Headers.NONE
                        ? List.of()
                        : columns.stream().map(Column::header).toList());
        return new Layout(columns, format, encodingName, rules, List.of(file), false, true);
    }

    /** Files for another vendor, each with some of the columns. */
    static Layout free(List<Column> columns, FileFormat format, Rules rules, List<LayoutFile> files, boolean zipped) {
        return new Layout(columns, format, format.encoding().id(), rules, files, zipped, false);
    }

    /** Returns the header of each column, in order; the vendor's contract, whether a header row is written or not. */
    public List<String> headers() {
        return columns.stream().map(Column::header).toList();
    }

    /** Returns the headers of the columns by which a vendor knows a patron; a user name can change. */
    public Set<String> identifiers() {
        return columns.stream()
                .filter(column -> column.duplicate()
                        .filter(rule -> rule != Rule.DUPLICATE_USER_NAME)
                        .isPresent())
                .map(Column::header)
                .collect(Collectors.toSet());
    }

    /**
     * Returns the properties file that tells Destiny what the columns mean; the same bytes for the same columns. Empty
     * for other vendors.
     */
    public Optional<byte[]> properties() {
        return describedByProperties ? Optional.of(PatronImportProperties.of(this)) : Optional.empty();
    }

    /** Returns what tells other files from these for whoever reads them: the properties file, or the format. */
    public byte[] description() {
        return describedByProperties
                ? (format.encoding().id() + "\n" + PatronImportProperties.withoutComments(this))
                        .getBytes(StandardCharsets.UTF_8)
                : files.stream()
                        .map(file -> String.join(
                                "\t",
                                file.name(),
                                Boolean.toString(file.perSchool()),
                                new TreeSet<>(file.kinds()).toString(),
                                file.columns().toString(),
                                file.titles().toString(),
                                format.headers().name(),
                                format.encoding().id(),
                                format.lineEnd().name(),
                                String.valueOf((int) format.delimiter()),
                                format.quotes().name(),
                                Boolean.toString(zipped)))
                        .collect(Collectors.joining("\n"))
                        .getBytes(StandardCharsets.UTF_8);
    }

    /** Returns what is done about bad data. */
    public Rules rules() {
        return rules;
    }

    List<Column> columns() {
        return columns;
    }

    FileFormat format() {
        return format;
    }

    boolean hasHeader() {
        return format.headers() != FileFormat.Headers.NONE;
    }

    TextEncoding encoding() {
        return format.encoding();
    }

    /** What Destiny calls the encoding in the properties file. */
    String encodingName() {
        return encodingName;
    }

    List<LayoutFile> files() {
        return files;
    }

    boolean isZipped() {
        return zipped;
    }

    OptionalInt positionOf(String key) {
        return IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).key().equals(key))
                .findFirst();
    }
}
