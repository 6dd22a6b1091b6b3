package dev.patronstream.snapshotter.layout;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import dev.patronstream.schemas.Text;
import dev.patronstream.snapshotter.rules.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a feed's files to streams that stay open, in one pass: files of their own straight to their streams, the files
 * of a zip by way of memory. The same rows give the same bytes.
 */
public final class PatronCsv {

    /** The first time that a zip can state; a real one would make two equal deliveries differ. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Layout layout;
    private final Map<String, Long> rowsPerSite = new TreeMap<>();

    private PatronCsv(Layout layout) {
        this.layout = layout;
    }

    /** What was written: rows without the header, in all and by site short name. */
    public record Written(long rows, Map<String, Long> rowsPerSite) {}

    /**
     * Writes what the vendor gets: a file for each of the layout, or the zip of them; {@code outs} in the order of the
     * layout.
     */
    public static Written csv(PatronFile file, List<? extends OutputStream> outs) throws IOException {
        try {
            return new PatronCsv(file.layout()).write(file, outs);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Writes the problem report: a CSV in UTF-8 of key, rule, field and what was done. */
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

    private Written write(PatronFile rows, List<? extends OutputStream> outs) throws IOException {
        if (layout.isZipped()) {
            List<ByteArrayOutputStream> contents = layout.files().stream()
                    .map(file -> new ByteArrayOutputStream())
                    .toList();
            writeFiles(rows, contents);
            zip(contents, outs.get(0));
        } else {
            writeFiles(rows, outs);
        }
        return new Written(
                rowsPerSite.values().stream().mapToLong(Long::longValue).sum(), rowsPerSite);
    }

    private void writeFiles(PatronFile rows, List<? extends OutputStream> outs) throws IOException {
        List<Part> parts = new ArrayList<>();
        for (OutputStream out : outs) {
            parts.add(new Part(layout.files().get(parts.size()), out));
        }
        for (PatronRow row : rows) {
            add(row, parts);
        }
        for (Part part : parts) {
            part.end();
        }
    }

    private void zip(List<ByteArrayOutputStream> contents, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        for (int i = 0; i < contents.size(); i++) {
            ZipEntry entry = new ZipEntry(layout.files().get(i).name());
            entry.setTimeLocal(NO_TIME);
            zip.putNextEntry(entry);
            contents.get(i).writeTo(zip);
            zip.closeEntry();
        }
        zip.finish();
    }

    private void add(PatronRow row, List<Part> parts) {
        boolean patronWritten = false;
        for (Part part : parts) {
            patronWritten |= part.add(row);
        }
        if (patronWritten) {
            rowsPerSite.merge(row.siteName(), 1L, Long::sum);
        }
    }

    private final class Part {

        private final LayoutFile file;
        private final Writer text;
        private final CsvWriter csv;
        private final boolean isWhole;
        private final Set<String> schools = new HashSet<>();

        private Part(LayoutFile file, OutputStream out) {
            this.file = file;
            this.isWhole = file.columns()
                    .equals(IntStream.range(0, layout.columns().size()).boxed().toList());
            FileFormat format = layout.format();
            // A character the encoding lacks has been reported before; should one get here, nothing is written at all.
            text = new OutputStreamWriter(
                    out,
                    format.encoding()
                            .charset()
                            .newEncoder()
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .onMalformedInput(CodingErrorAction.REPORT));
            CsvWriter.CsvWriterBuilder builder = CsvWriter.builder()
                    .fieldSeparator(format.delimiter())
                    .lineDelimiter(format.lineEnd() == FileFormat.LineEnd.CRLF ? LineDelimiter.CRLF : LineDelimiter.LF);
            if (format.quotes() == FileFormat.Quotes.ALWAYS) {
                builder.quoteStrategy(QuoteStrategies.ALWAYS);
            }
            csv = builder.build(text);
            if (!file.titles().isEmpty()) {
                csv.writeRecord(file.titles());
            }
        }

        /** Returns whether the row is now one of a patron. */
        private boolean add(PatronRow row) {
            if (!file.kinds().contains(row.kind())) {
                return false;
            }
            List<String> values = isWhole
                    ? row.values()
                    : file.columns().stream().map(row.values()::get).toList();
            if (file.perSchool() && !isNewSchool(row.values().get(Layout.SCHOOL), values)) {
                return false;
            }
            csv.writeRecord(values);
            return !file.perSchool();
        }

        /** Anyone who has no school makes no row of schools, unless the vendor has a name for that. */
        private boolean isNewSchool(String school, List<String> values) {
            boolean said = school.isEmpty()
                    ? !values.get(0).isEmpty()
                    : values.stream().anyMatch(value -> !value.isEmpty());
            return said && schools.add(school);
        }

        private void end() throws IOException {
            csv.flush();
            text.flush();
        }
    }
}
