package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import java.nio.charset.CharsetEncoder;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Makes a row of one patron, and says what was wrong with it. What only shows beside other patrons (shared barcodes) is
 * not seen here. Not thread-safe.
 */
final class RowRenderer {

    /** What spreadsheets take for the beginning of a formula (OWASP, "CSV injection"). */
    private static final String FORMULA_STARTS = "=+-@";

    /** The form only: something, an at sign, a domain with a dot; no blanks, no list of addresses. */
    private static final Pattern EMAIL = Pattern.compile("[^\\s@,;<>\"]+@[^\\s@,;<>\".]+(\\.[^\\s@,;<>\".]+)+");

    private final List<Column> columns;
    private final Rules rules;
    private final CharsetEncoder encoder;

    RowRenderer(Layout layout) {
        columns = layout.columns();
        rules = layout.rules();
        encoder = layout.encoding().charset().newEncoder();
    }

    /**
     * What became of a patron.
     *
     * @param values one value per column
     * @param rejected whether the patron is left out
     * @param problems what was wrong
     */
    record Rendered(List<String> values, boolean rejected, List<Problem> problems) {

        /** Returns the row, if there is one. */
        Optional<List<String>> row() {
            return rejected ? Optional.empty() : Optional.of(values);
        }
    }

    Rendered render(FeedEntry entry) {
        Row row = new Row(Keys.person(entry.getKind(), entry.getId()));
        List<String> values = new ArrayList<>(columns.size());
        for (Column column : columns) {
            values.add(
                    column.kinds().contains(entry.getKind()) ? row.value(column, () -> row.judged(column, entry)) : "");
        }
        return new Rendered(values, row.rejected, row.problems);
    }

    /**
     * Judges once more the row last delivered of somebody who left: the encoding, the lengths and the columns that must not
     * be blank may be others by now. What says the status is made anew.
     */
    Rendered renderAgain(RowsWithLeavers.Leaver leaver) {
        FeedEntry gone = RowsWithLeavers.gone(leaver.kind(), leaver.id());
        Row row = new Row(Keys.person(leaver.kind(), leaver.id()));
        List<String> values = new ArrayList<>(columns.size());
        for (Column column : columns) {
            String held = leaver.values().getOrDefault(column.header(), "");
            values.add(
                    column.kinds().contains(leaver.kind())
                            ? row.value(
                                    column,
                                    () -> column.tellsStatus() ? row.judged(column, gone) : row.sendable(held, column))
                            : "");
        }
        return new Rendered(values, row.rejected, row.problems);
    }

    /** One patron on the way through the rules. */
    private final class Row {

        private final String key;
        private final List<Problem> problems = new ArrayList<>(0);
        private boolean rejected;

        private Row(String key) {
            this.key = key;
        }

        private String value(Column column, Supplier<String> judgement) {
            boolean rejectedBefore = rejected;
            rejected = false;
            String text = judgement.get();
            if (text.isEmpty() && !rejected) {
                column.blank().ifPresent(rule -> broken(rule, column, rule.mending(), ""));
            }
            rejected |= rejectedBefore;
            return text;
        }

        private String judged(Column column, FeedEntry entry) {
            Cell cell = column.value().apply(entry);
            String text = cell.text();
            if (cell.broken().isPresent()) {
                Rule rule = cell.broken().get();
                text = broken(rule, column, rule.mending(), text);
            }
            return sendable(guarded(wellFormed(cleaned(text, column), column), column), column);
        }

        private String sendable(String text, Column column) {
            return fitted(encodable(text, column), column);
        }

        /** Notes the breach of a rule and returns what is sent: the mended value, or nothing. */
        private String broken(Rule rule, Column column, String mending, String mended) {
            RuleAction effect = rules.effectOf(rule);
            String done =
                    switch (effect) {
                        case REJECT_ROW -> Problem.ROW_LEFT_OUT;
                        case BLANK_FIELD -> Problem.FIELD_LEFT_BLANK;
                        default -> mending;
                    };
            rejected |= effect == RuleAction.REJECT_ROW;
            problems.add(new Problem(
                    key, rule, column.header(), done + (rules.holdsDelivery(rule) ? Problem.DELIVERY_HELD : "")));
            return effect == RuleAction.WARN ? mended : "";
        }

        private String cleaned(String raw, Column column) {
            String text = CellText.hasControls(raw) ? CellText.withoutControls(raw) : raw;
            String trimmed = text.strip();
            // Blanks and line ends around a value are trimmed; only control characters inside it are worth a word.
            if (CellText.hasControls(CellText.trimmed(raw))) {
                return broken(Rule.CONTROL_CHARACTER, column, Rule.CONTROL_CHARACTER.mending(), trimmed);
            }
            if (trimmed.length() < raw.length() && !trimmed.isEmpty() && !rules.isOff(Rule.BLANKS_TRIMMED)) {
                return broken(Rule.BLANKS_TRIMMED, column, Rule.BLANKS_TRIMMED.mending(), trimmed);
            }
            return trimmed;
        }

        private String wellFormed(String text, Column column) {
            if (!column.email() || text.isEmpty() || EMAIL.matcher(text).matches()) {
                return text;
            }
            return broken(Rule.INVALID_EMAIL, column, Rule.INVALID_EMAIL.mending(), text);
        }

        private String guarded(String text, Column column) {
            if (text.isEmpty() || rules.isOff(Rule.FORMULA_LIKE) || FORMULA_STARTS.indexOf(text.charAt(0)) < 0) {
                return text;
            }
            return column.isIdentifier()
                    ? broken(Rule.FORMULA_LIKE, column, Rule.UNCHANGED, text)
                    : broken(Rule.FORMULA_LIKE, column, Rule.FORMULA_LIKE.mending(), "'" + text);
        }

        /** An accent that follows its letter is the same text as the accented letter, which older encodings do have. */
        private String encodable(String text, Column column) {
            if (encoder.canEncode(text)) {
                return text;
            }
            String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
            return encoder.canEncode(composed) ? composed : broken(Rule.NOT_IN_ENCODING, column, "", "");
        }

        private String fitted(String text, Column column) {
            if (!CellText.isLongerThan(text, column.length())) {
                return text;
            }
            return broken(
                    column.tooLong(),
                    column,
                    "cut to " + column.length() + " characters",
                    CellText.cut(text, column.length()));
        }
    }
}
