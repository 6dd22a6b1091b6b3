package dev.patronstream.snapshotter.layout;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a feed's files to streams that stay open. Stateless. */
public final class PatronCsv {

    private PatronCsv() {}

    /**
     * What was written.
     *
     * @param rows rows without the header
     * @param rowsPerSite by site short name: rows
     */
    public record Written(long rows, Map<String, Long> rowsPerSite) {}

    /**
     * Writes the CSV: commas, quotes only where needed, CR LF, no byte order mark.
     *
     * @throws IOException if the stream refuses
     */
    public static Written csv(PatronRows file, OutputStream out) throws IOException {
        Map<String, Long> rowsPerSite = new TreeMap<>();
        // A character the encoding lacks has been reported before; should one get here, nothing is written at all.
        Writer text = new OutputStreamWriter(
                out,
                file.layout()
                        .encoding()
                        .charset()
                        .newEncoder()
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .onMalformedInput(CodingErrorAction.REPORT));
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(text);
        try {
            if (file.layout().hasHeader()) {
                csv.writeRecord(file.layout().headers());
            }
            file.rows(row -> {
                csv.writeRecord(row.values());
                rowsPerSite.merge(row.siteName(), 1L, Long::sum);
            });
            csv.flush();
            text.flush();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new Written(
                rowsPerSite.values().stream().mapToLong(Long::longValue).sum(), rowsPerSite);
    }

    /**
     * Writes the problem report: a CSV in UTF-8 of key, rule, field and what was done.
     *
     * @throws IOException if the stream refuses
     */
    public static void problems(List<Problem> problems, OutputStream out) throws IOException {
        Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(text);
        try {
            csv.writeRecord("key", "rule", "field", "done");
            problems.forEach(
                    problem -> csv.writeRecord(problem.key(), problem.rule().id(), problem.field(), problem.done()));
            csv.flush();
            text.flush();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
