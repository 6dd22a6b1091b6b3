package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.sandbox.oracle.ExpectedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads a written file back: whom it names, with the values, but for those who are sent as leavers. */
final class WrittenFile {

    private WrittenFile() {}

    static ExpectedFile read(Path csv) {
        try {
            List<List<String>> lines = Files.readString(csv, StandardCharsets.UTF_8)
                    .lines()
                    .map(WrittenFile::values)
                    .toList();
            List<String> header = lines.get(0);
            List<ExpectedFile.Row> rows = lines.stream()
                    .skip(1)
                    .filter(values -> !values.get(header.indexOf("Status")).equals("I"))
                    .map(values -> new ExpectedFile.Row(person(header, values), values))
                    .toList();
            return new ExpectedFile(header, rows, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + csv + " cannot be read", e);
        }
    }

    private static String person(List<String> header, List<String> values) {
        boolean isStaff = values.get(header.indexOf("Patron Type")).equals("Faculty");
        return (isStaff ? "staff/" : "student/") + values.get(header.indexOf("District ID"));
    }

    /** Quotes are doubled within quotes; no value has a line break. */
    private static List<String> values(String line) {
        List<String> values = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean isQuoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                if (isQuoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    value.append(c);
                    i++;
                } else {
                    isQuoted = !isQuoted;
                }
            } else if (c == ',' && !isQuoted) {
                values.add(value.toString());
                value.setLength(0);
            } else {
                value.append(c);
            }
        }
        values.add(value.toString());
        return values;
    }
}
