package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import java.nio.charset.CharsetEncoder;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a row of one patron, and says what was wrong with it. What only shows beside other patrons (shared barcodes) is
 * not seen here. Not thread-safe.
 */
final class RowRenderer {

    private final List<Column> columns;
    private final CharsetEncoder encoder;

    RowRenderer(Layout layout) {
        columns = layout.columns();
        encoder = layout.encoding().charset().newEncoder();
    }

    /**
     * What became of a patron.
     *
     * @param values one value per column; empty when the patron is left out
     * @param problems what was wrong
     */
    record Rendered(Optional<List<String>> values, List<Problem> problems) {}

    Rendered render(FeedEntry entry) {
        String key = Keys.person(entry.getKind(), entry.getId());
        List<String> values = new ArrayList<>(columns.size());
        List<Problem> problems = new ArrayList<>(0);
        for (Column column : columns) {
            values.add(value(column, entry, key, problems));
        }
        boolean rejected = problems.stream().anyMatch(problem -> problem.rule().action() == RuleAction.REJECT_ROW);
        return new Rendered(rejected ? Optional.empty() : Optional.of(values), problems);
    }

    private String value(Column column, FeedEntry entry, String key, List<Problem> problems) {
        Cell cell = column.value().apply(entry);
        if (cell.broken().isPresent()) {
            problems.add(Problem.of(key, cell.broken().get(), column.header()));
            return "";
        }
        String text = cleaned(cell.text(), column, key, problems);
        if (text.isEmpty()) {
            column.blank().ifPresent(rule -> problems.add(Problem.of(key, rule, column.header())));
            return "";
        }
        Optional<String> encodable = encodable(text);
        if (encodable.isEmpty()) {
            problems.add(Problem.of(key, Rule.NOT_IN_ENCODING, column.header()));
            return "";
        }
        return fitted(encodable.get(), column, key, problems);
    }

    private static String cleaned(String raw, Column column, String key, List<Problem> problems) {
        if (!CellText.hasControls(raw)) {
            return raw.strip();
        }
        // Blanks and line ends around a value are trimmed without a word; only those inside it are worth one.
        String text = CellText.withoutControls(raw).strip();
        if (CellText.hasControls(CellText.trimmed(raw))) {
            problems.add(Problem.of(key, Rule.CONTROL_CHARACTER, column.header()));
        }
        return text;
    }

    /** An accent that follows its letter is the same text as the accented letter, which older encodings do have. */
    private Optional<String> encodable(String text) {
        if (encoder.canEncode(text)) {
            return Optional.of(text);
        }
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        return encoder.canEncode(composed) ? Optional.of(composed) : Optional.empty();
    }

    private static String fitted(String text, Column column, String key, List<Problem> problems) {
        if (!CellText.isLongerThan(text, column.length())) {
            return text;
        }
        Rule rule = column.tooLong();
        if (rule.action() == RuleAction.CUT) {
            problems.add(new Problem(key, rule, column.header(), "cut to " + column.length() + " characters"));
            return CellText.cut(text, column.length());
        }
        problems.add(Problem.of(key, rule, column.header()));
        return "";
    }
}
