package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.snapshotter.layout.template.Cell;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.Rules;
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
 *
 * @param columns all of them, whichever file they are in
 * @param format how the files are written
 * @param encodingName what Destiny calls the encoding in the properties file
 * @param rules what is done about bad data
 * @param files the files, in the order in which they are delivered
 * @param isZipped whether they are delivered as one, in a zip
 * @param describedByProperties whether a properties file tells Destiny what the columns mean
 */
public record Layout(
        List<Column> columns,
        FileFormat format,
        String encodingName,
        Rules rules,
        List<LayoutFile> files,
        boolean isZipped,
        boolean describedByProperties) {

    public static final String SITE_KEY = "field_siteShortName";
    public static final String STATUS_KEY = "field_status";
    public static final String BIRTH_DATE_KEY = "field_birthdate";
    public static final String CARD_EXPIRES_KEY = "field_cardExpires";

    /** The columns that the properties file promises as dates. */
    public static final Set<String> DATE_KEYS = Set.of(BIRTH_DATE_KEY, CARD_EXPIRES_KEY);

    /** The form of dates that the properties file promises to Destiny. */
    public static final String DATE_FORM = "MM/dd/yyyy";

    /** Position of the school's code in layouts that have rows per school; such columns are in none of the files. */
    static final int SCHOOL = 2;

    public Layout {
        columns = List.copyOf(columns);
        files = List.copyOf(files);
    }

    /** One file with a row per patron and all columns, described by a properties file. */
    public static Layout ofDestiny(List<Column> columns, FileFormat format, String encodingName, Rules rules) {
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

    public static Cell status(FeedEntry entry) {
        return Cell.of(entry.getPrimary().getStatus() == PatronStatus.INACTIVE ? "I" : "A");
    }

    /** Returns the header of each column, in order; the vendor's contract, whether a header row is written or not. */
    public List<String> headers() {
        return columns.stream().map(Column::header).toList();
    }

    /** Returns the headers of the columns by which a vendor knows a patron; a user name can change. */
    public Set<String> identifiers() {
        return columns.stream()
                .filter(column -> column.treatment()
                        .duplicate()
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

    /** Returns what tells other files from these for anyone who reads them: the properties file, or the format. */
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
                                Boolean.toString(isZipped)))
                        .collect(Collectors.joining("\n"))
                        .getBytes(StandardCharsets.UTF_8);
    }

    boolean hasHeader() {
        return format.headers() != FileFormat.Headers.NONE;
    }

    TextEncoding encoding() {
        return format.encoding();
    }

    OptionalInt positionOf(String key) {
        return IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).key().equals(key))
                .findFirst();
    }
}
