package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.Text;
import dev.patronstream.snapshotter.layout.template.Cell;
import dev.patronstream.snapshotter.layout.template.CellText;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.RuleAction;
import dev.patronstream.snapshotter.rules.Rules;
import java.nio.charset.CharsetEncoder;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a row of one patron, and says what was wrong with it. What only shows beside other patrons (shared barcodes) is
 * not seen here. Not thread-safe.
 */
final class RowRenderer {

    /** What spreadsheets take for the beginning of a formula (OWASP, "CSV injection"). */
    private static final String FORMULA_STARTS = "=+-@";

    /** The form only: something, an at sign, a domain with a dot; no blanks, no list of addresses. */
    private static final Pattern EMAIL =
            Pattern.compile("[^\\s@,;<>\"]+@[^\\s@,;<>\".]+(\\.[^\\s@,;<>\".]+)+", Pattern.UNICODE_CHARACTER_CLASS);

    private final List<Column> columns;
    private final Rules rules;
    private final CharsetEncoder encoder;

    RowRenderer(Layout layout) {
        columns = layout.columns();
        rules = layout.rules();
        encoder = layout.encoding().charset().newEncoder();
    }

    /** What became of a patron: a value per column, whether the patron is left out, and what was wrong. */
    record Rendered(List<String> values, boolean rejected, List<Problem> problems) {}

    Rendered render(FeedEntry entry) {
        Row row = new Row(entry.getKind(), entry.getId());
        row.judgeIdentity(entry);
        return row.rendered(column -> row.judged(column, entry));
    }

    /**
     * Judges once more the row last delivered of somebody who left: the encoding, the lengths and the columns that must not
     * be blank may be others by now. What says the status is created again.
     */
    Rendered renderAgain(PatronFile.Leaver leaver) {
        FeedEntry gone = PatronFile.Leaver.entry(leaver.kind(), leaver.id());
        Row row = new Row(leaver.kind(), leaver.id());
        return row.rendered(column -> column.treatment().tellsStatus()
                ? row.judged(column, gone)
                : row.sendable(leaver.values().getOrDefault(column.header(), ""), column));
    }

    /** Whether there is nothing to clean and every encoding has it, as with nearly all values: ASCII, not padded. */
    private static boolean isPlain(String text) {
        int length = text.length();
        if (length == 0) {
            return true;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return text.charAt(0) != ' ' && text.charAt(length - 1) != ' ';
    }

    /** One patron on the way through the rules. */
    private final class Row {

        private final PatronKind kind;
        private final int id;
        private final List<Problem> problems = new ArrayList<>(0);
        private boolean rejected;

        private Row(PatronKind kind, int id) {
            this.kind = kind;
            this.id = id;
        }

        /** Rules of the person, whatever columns the layout has. */
        private void judgeIdentity(FeedEntry entry) {
            Affiliation primary = entry.getPrimary();
            boolean student = entry.getKind() == PatronKind.STUDENT;
            if (entry.getId() <= 0
                    || (student
                            && primary.getSchoolCode().filter(code -> code <= 0).isPresent())
                    || (student
                            && primary.getStudentNumber()
                                    .filter(number -> number <= 0)
                                    .isPresent())) {
                broken(Rule.NOT_AN_ID, "ID of " + rowsOf(entry), "", "");
            }
            if (ties(entry).anyMatch(Affiliation::getOtherPerson)) {
                broken(Rule.TWO_PEOPLE_ONE_ID, "ID of " + rowsOf(entry), Rule.UNCHANGED, "");
            } else if (!rejected && ties(entry).anyMatch(Affiliation::getOtherFirstName)) {
                broken(Rule.TWO_FIRST_NAMES_ONE_ID, "ID of " + rowsOf(entry), Rule.UNCHANGED, "");
            }
        }

        private static Stream<Affiliation> ties(FeedEntry entry) {
            return Stream.concat(Stream.of(entry.getPrimary()), entry.getOthers().stream());
        }

        private static String rowsOf(FeedEntry entry) {
            if (entry.getKind() == PatronKind.STAFF) {
                return "STF";
            }
            int most = 5;
            String rows = ties(entry)
                    .limit(most)
                    .map(row -> row.getSchoolCode().orElse(0) + "/"
                            + row.getStudentNumber().orElse(0))
                    .collect(Collectors.joining(", "));
            int more = entry.getOthers().size() + 1 - most;
            Affiliation primary = entry.getPrimary();
            boolean elsewhere = primary.getOtherPerson() || primary.getOtherFirstName();
            return "STU " + rows + (more > 0 ? " and " + more + " more" : "")
                    + (elsewhere ? " and one outside the feed" : "");
        }

        private Rendered rendered(Function<Column, String> judgment) {
            List<String> values = new ArrayList<>(columns.size());
            for (Column column : columns) {
                values.add(column.kinds().contains(kind) ? value(column, judgment) : "");
            }
            return new Rendered(values, rejected, problems);
        }

        private String value(Column column, Function<Column, String> judgment) {
            boolean rejectedBefore = rejected;
            rejected = false;
            String text = judgment.apply(column);
            if (text.isEmpty() && !rejected) {
                column.treatment().blank().ifPresent(rule -> broken(rule, column, ""));
            }
            rejected |= rejectedBefore;
            return text;
        }

        private String judged(Column column, FeedEntry entry) {
            Cell cell = column.value().apply(entry);
            String text = cell.text();
            if (cell.broken().isPresent()) {
                Rule rule = cell.broken().get();
                text = broken(rule, column, text);
            }
            return sendable(guarded(wellFormed(cleaned(text, column), column), column), column);
        }

        private String sendable(String text, Column column) {
            return fitted(isPlain(text) ? text : encodable(text, column), column);
        }

        private String broken(Rule rule, Column column, String mended) {
            return broken(rule, column.header(), rule.mending(), mended);
        }

        /** Notes the breach of a rule and returns what is sent: the mended value, or nothing. */
        private String broken(Rule rule, String field, String mending, String mended) {
            String key = Keys.person(kind, id);
            RuleAction effect = rules.effectOf(rule);
            String done =
                    switch (effect) {
                        case REJECT_ROW -> Problem.ROW_LEFT_OUT;
                        case BLANK_FIELD -> Problem.FIELD_LEFT_BLANK;
                        default -> mending;
                    };
            rejected |= effect == RuleAction.REJECT_ROW;
            // Who has no school has none, in however many columns.
            if (rule != Rule.STAFF_WITHOUT_SCHOOL || problems.stream().noneMatch(problem -> problem.rule() == rule)) {
                problems.add(
                        new Problem(key, rule, field, done + (rules.holdsDelivery(rule) ? Problem.DELIVERY_HELD : "")));
            }
            return effect == RuleAction.WARN ? mended : "";
        }

        /** Takes off and out what nobody sees; blanks and line ends around a value are not worth a word. */
        private String cleaned(String raw, Column column) {
            if (isPlain(raw)) {
                return raw;
            }
            String spaced = Text.CONTROLS.matcher(Text.wellFormed(raw)).replaceAll(" ");
            String visible = Text.withoutInvisible(spaced);
            String text = Text.strip(visible);
            if (CellText.hasControls(Text.strip(raw))) {
                text = broken(Rule.CONTROL_CHARACTER, column, text);
            }
            if (visible.length() < spaced.length()) {
                text = broken(Rule.INVISIBLE_CHARACTER, column, text);
            }
            if (text.indexOf(Text.REPLACEMENT) >= 0) {
                boolean nothingElse = Text.isBlank(text.replace(Text.REPLACEMENT, ' '));
                text = broken(Rule.LOST_CHARACTER, column, nothingElse ? "" : text);
            }
            boolean trimmed = Text.strip(visible).length() < visible.length();
            return trimmed && !text.isEmpty() && !rules.isOff(Rule.BLANKS_TRIMMED)
                    ? broken(Rule.BLANKS_TRIMMED, column, text)
                    : text;
        }

        private String wellFormed(String text, Column column) {
            return !column.treatment().email()
                            || text.isEmpty()
                            || ((isPlain(text) || Text.firstUnseen(text) < 0)
                                    && EMAIL.matcher(text).matches())
                    ? text
                    : broken(Rule.INVALID_EMAIL, column, text);
        }

        private String guarded(String text, Column column) {
            if (text.isEmpty() || FORMULA_STARTS.indexOf(text.charAt(0)) < 0 || rules.isOff(Rule.FORMULA_LIKE)) {
                return text;
            }
            return column.isIdentifier()
                    ? broken(Rule.FORMULA_LIKE, column.header(), Rule.UNCHANGED, text)
                    : broken(Rule.FORMULA_LIKE, column, "'" + text);
        }

        /** An accent that follows its letter is the same text as the accented letter, which older encodings do have. */
        private String encodable(String text, Column column) {
            if (encoder.canEncode(text)) {
                return text;
            }
            String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
            return encoder.canEncode(composed) ? composed : broken(Rule.NOT_IN_ENCODING, column, "");
        }

        private String fitted(String text, Column column) {
            if (!CellText.isLongerThan(text, column.length())) {
                return text;
            }
            return broken(
                    column.treatment().tooLong(),
                    column.header(),
                    "cut to " + column.length() + " characters",
                    CellText.cut(text, column.length()));
        }
    }
}
