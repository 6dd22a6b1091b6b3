package dev.patronstream.snapshotter.layout;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.patronstream.schemas.Text;
import dev.patronstream.snapshotter.rules.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

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
     * Writes what the vendor gets: a file for each of the layout, or the zip of them. Rows are gone through once.
     *
     * @param outs a stream for each, in the order of the layout
     * @throws IOException if a stream refuses
     */
    public static Written csv(PatronRows file, List<? extends OutputStream> outs) throws IOException {
        try {
            return new LayoutWriter(file.layout()).write(file, outs);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
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
            problems.forEach(problem ->
                    csv.writeRecord(problem.key(), problem.rule().id(), Text.cell(problem.field()), problem.done()));
            csv.flush();
            text.flush();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
