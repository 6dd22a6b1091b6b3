package dev.patronstream.cli.screen;

import dev.patronstream.schemas.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Columns of text that line up: numbers to the right, everything else to the left. Not thread-safe. */
public final class TextTable {

    private static final int WIDEST = 60;

    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(String... header) {
        rows.add(List.of(header));
    }

    public static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    public void row(List<String> cells) {
        List<String> shown =
                new ArrayList<>(cells.stream().map(TextTable::shown).toList());
        shown.set(0, Text.printable(cells.get(0)));
        rows.add(shown);
    }

    /** A cell is one line, and no longer than people read, but the first one, which names the row. */
    private static String shown(String cell) {
        String line = Text.printable(cell);
        return line.codePointCount(0, line.length()) <= WIDEST
                ? line
                : line.substring(0, line.offsetByCodePoints(0, WIDEST - 1)) + "…";
    }

    public List<String> lines() {
        int columns = rows.get(0).size();
        List<Integer> widths = new ArrayList<>(Collections.nCopies(columns, 0));
        List<Boolean> numbers = new ArrayList<>(Collections.nCopies(columns, true));
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns; column++) {
                String cell = rows.get(row).get(column);
                widths.set(column, Math.max(widths.get(column), cell.length()));
                if (row > 0 && !cell.matches("[\\d,]*")) {
                    numbers.set(column, false);
                }
            }
        }
        return rows.stream().map(row -> line(row, widths, numbers)).toList();
    }

    private static String line(List<String> row, List<Integer> widths, List<Boolean> numbers) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            String space = " ".repeat(widths.get(column) - cell.length());
            line.append(numbers.get(column) ? space + cell : cell + space).append("  ");
        }
        return line.toString().stripTrailing();
    }
}
