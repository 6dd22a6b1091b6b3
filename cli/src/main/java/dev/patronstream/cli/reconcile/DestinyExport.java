package dev.patronstream.cli.reconcile;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.patronstream.cli.config.setting.TextFile;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.schemas.Text;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The patrons that Destiny holds, as exported there with a header row.
 *
 * <p>Headers are compared without regard to case, blanks and punctuation, since exports and reports of Destiny spell them
 * in several ways. Read as UTF-16 with a byte order mark or UTF-8, and where that cannot be, as windows-1252.
 *
 * @param patrons the patrons, in the order of the export
 * @param columns which of the columns the export has
 */
record DestinyExport(List<Patron> patrons, Set<Field> columns) {

    private static final int WRONG_USAGE = 2;

    /** What is compared, with the headers it goes by. */
    enum Field {
        SITE("Site Short Name", "sitename", "site", "homesite"),
        BARCODE("Barcode", "patronbarcode"),
        DISTRICT_ID("District ID", "patrondistrictid", "districtidentifier"),
        LAST_NAME("Last Name", "patronlastname", "surname"),
        FIRST_NAME("First Name", "patronfirstname"),
        PATRON_TYPE("Patron Type", "type"),
        STATUS("Status", "patronstatus"),
        HOMEROOM("Homeroom"),
        USER_NAME("User Name", "login", "loginname", "patronusername");

        private final String header;

        @SuppressWarnings("ImmutableEnumChecker") // Set.copyOf is immutable.
        private final Set<String> names;

        Field(String header, String... others) {
            this.header = header;
            Set<String> all = new HashSet<>(List.of(others));
            all.add(plain(header));
            this.names = Set.copyOf(all);
        }

        /** The column's header in the layout {@code destiny}. */
        String header() {
            return header;
        }
    }

    /** One patron of Destiny's. */
    record Patron(Map<Field, String> values) {

        String get(Field field) {
            return values.getOrDefault(field, "");
        }
    }

    /**
     * Reads an export.
     *
     * @throws CommandFailedException if it cannot be read, or has neither District IDs nor barcodes
     */
    static DestinyExport read(Path file) {
        List<Patron> patrons = new ArrayList<>();
        Map<Field, String> headers = new HashMap<>();
        long line = 0;
        try (CsvReader<NamedCsvRecord> records =
                CsvReader.builder().ofNamedCsvRecord(new StringReader(text(Files.readAllBytes(file))))) {
            for (NamedCsvRecord record : records) {
                line = record.getStartingLineNumber();
                if (headers.isEmpty()) {
                    headers.putAll(headersOf(record.getHeader(), file));
                }
                Map<Field, String> values = new HashMap<>();
                headers.forEach((field, header) -> record.findField(header)
                        .map(Text::strip)
                        .filter(value -> !value.isEmpty())
                        .ifPresent(value -> values.put(field, value)));
                patrons.add(new Patron(values));
            }
        } catch (NoSuchFileException e) {
            throw new CommandFailedException("--destiny-export: there is no file " + file, WRONG_USAGE);
        } catch (IOException e) {
            throw new CommandFailedException("The export " + file + " cannot be read: " + e.getMessage(), e);
        } catch (CsvParseException e) {
            throw new CommandFailedException(
                    "The export " + file + " is not a CSV file with one header row: it cannot be read "
                            + (line == 0 ? "from its first line on" : "after the row of line " + line)
                            + ". Look there for a quote that is not closed, or export it again",
                    e);
        }
        return new DestinyExport(patrons, headers.keySet());
    }

    private static Map<Field, String> headersOf(List<String> header, Path file) {
        Map<Field, String> found = new HashMap<>();
        for (Field field : Field.values()) {
            header.stream()
                    .filter(name -> field.names.contains(plain(name)))
                    .findFirst()
                    .ifPresent(name -> found.put(field, name));
        }
        if (!found.containsKey(Field.DISTRICT_ID) && !found.containsKey(Field.BARCODE)) {
            throw new CommandFailedException("The export " + file + " has neither a column District ID nor a column"
                    + " Barcode. Export patrons from Destiny with a header row and both of them; there are: "
                    + String.join(", ", header));
        }
        return found;
    }

    private static String text(byte[] bytes) {
        try {
            return TextFile.text(bytes);
        } catch (TextFile.UnreadableException e) {
            return new String(bytes, Charset.forName("windows-1252"));
        }
    }

    private static String plain(String header) {
        return header.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
