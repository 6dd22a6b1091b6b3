package dev.patronstream.sandbox.oracle;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a delivered file should hold.
 *
 * @param header the column headers; empty when the file has no header row
 * @param rows the rows in order, each with its person
 * @param leftOut whom the feed selects but the file does not hold, by person, with the id of the rule
 */
public record ExpectedFile(List<String> header, List<Row> rows, Map<String, String> leftOut) {

    /** Copies the collections. */
    public ExpectedFile {
        header = List.copyOf(header);
        rows = List.copyOf(rows);
        leftOut = Map.copyOf(leftOut);
    }

    /**
     * A row.
     *
     * @param person {@code student/99400001} or {@code staff/1001}
     * @param values the columns' values
     */
    public record Row(String person, List<String> values) {

        /** Copies the values. */
        public Row {
            values = List.copyOf(values);
        }
    }

    /** The file's bytes: UTF-8 without byte order mark, CR LF, quotes only where needed. */
    public byte[] csv() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!header.isEmpty()) {
            bytes.writeBytes(line(header));
        }
        rows.forEach(row -> bytes.writeBytes(line(row.values())));
        return bytes.toByteArray();
    }

    private static byte[] line(List<String> values) {
        return (values.stream().map(ExpectedFile::quoted).collect(Collectors.joining(",")) + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(String value) {
        boolean needed = value.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return needed ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }
}
