package dev.patronstream.schemas.feed;

import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.Text;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * What one field of a row has to be: one of some values, or none of them.
 *
 * <p>A field that only students have, or only staff, leaves the others alone. Texts are compared as all codes of Aeries:
 * without blanks around them, capitals as they are; a blank value is the empty text. Immutable.
 *
 * @param key the field as configured: an id of {@link PatronField}, or a column with its table
 * @param negated whether it must be none of the values
 * @param texts the values of a field that is not a number
 * @param ranges the values of a field that is a number; sorted, and apart from each other
 * @param blank whether a blank is one of the values of a number
 * @param file name of the file that the values come from, for people
 */
public record Condition(
        String key, boolean negated, Set<String> texts, List<Range> ranges, boolean blank, Optional<String> file) {

    private static final int SHOWN_VALUES = 5;
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,10}");
    private static final Pattern RANGE =
            Pattern.compile("([0-9]{1,10}) *- *([0-9]{1,10})|(-?[0-9]{1,10}) *\\.\\. *(-?[0-9]{1,10})");
    private static final Comparator<Range> BY_BEGINNING = Comparator.comparingInt(Range::from);
    private static final Set<PatronField> OF_OTHER_TABLES = EnumSet.of(
            PatronField.SCHOOL_NAME,
            PatronField.COUNSELOR_NAME,
            PatronField.COUNSELOR_LAST_NAME,
            PatronField.COUNSELOR_FIRST_NAME);

    /** Whole numbers from one to another one, both included. */
    public record Range(int from, int to) {

        boolean holds(int number) {
            return number >= from && number <= to;
        }

        @Override
        public String toString() {
            return from == to ? Integer.toString(from) : from + (from < 0 ? ".." : "-") + to;
        }
    }

    /** Copies the collections; ranges that overlap become one. */
    public Condition {
        texts = Set.copyOf(texts);
        ranges = sorted(ranges);
    }

    private static List<Range> sorted(List<Range> ranges) {
        List<Range> sorted = new ArrayList<>();
        for (Range range : ranges.stream().sorted(BY_BEGINNING).toList()) {
            Range last = sorted.isEmpty() ? range : sorted.get(sorted.size() - 1);
            if (!sorted.isEmpty() && range.from() <= last.to()) {
                sorted.set(sorted.size() - 1, new Range(last.from(), Math.max(last.to(), range.to())));
            } else {
                sorted.add(range);
            }
        }
        return List.copyOf(sorted);
    }

    /**
     * Returns a condition as it is written.
     *
     * @throws IllegalArgumentException if there is no such field, or a value cannot be one of it; the message says what
     *     would be right
     */
    public static Condition of(String key, boolean negated, Collection<String> values, Optional<String> file) {
        PatronField.Kind kind = kind(key);
        Set<String> texts = new TreeSet<>();
        List<Range> ranges = new ArrayList<>();
        boolean blank = false;
        for (String value : values) {
            String text = Text.strip(value);
            if (kind == PatronField.Kind.DATE && !text.isEmpty()) {
                requireDate(text);
            }
            if (kind == PatronField.Kind.NUMBER && !text.isEmpty()) {
                ranges.add(range(text));
            } else if (kind == PatronField.Kind.NUMBER) {
                blank = true;
            } else {
                texts.add(text);
            }
        }
        if (texts.isEmpty() && ranges.isEmpty() && !blank) {
            throw new IllegalArgumentException("names no value; write a list like [9-12]");
        }
        return new Condition(key, negated, texts, ranges, blank, file);
    }

    private static PatronField.Kind kind(String key) {
        Optional<PatronField> field = PatronField.named(key);
        if (field.isEmpty()) {
            if (!PatronField.OWN_COLUMN.matcher(key).matches()) {
                throw new IllegalArgumentException("is neither a field nor a column of students or staff; there are: "
                        + Stream.concat(
                                        Stream.of(PatronField.values())
                                                .filter(Condition::isOfARow)
                                                .map(PatronField::id),
                                        Stream.of("STU.COLUMN", "STF.COLUMN"))
                                .collect(Collectors.joining(", ")));
            }
            return PatronField.Kind.TEXT;
        }
        if (!isOfARow(field.get())) {
            throw new IllegalArgumentException(
                    switch (field.get()) {
                        case STATUS -> "is chosen by statuses";
                        case KIND -> "is chosen by patrons";
                        case SCHOOL_NAME -> "is of the table LOC; name the schools by schoolCode";
                        case COUNSELOR_LAST_NAME, COUNSELOR_FIRST_NAME ->
                            "is of the table STF; name the counselors by counselorStaffId";
                        default -> "is of the table TCH; name the teachers by counselorNumber";
                    });
        }
        return field.get().kind();
    }

    private static boolean isOfARow(PatronField field) {
        return field != PatronField.STATUS && field != PatronField.KIND && !OF_OTHER_TABLES.contains(field);
    }

    private static Range range(String text) {
        if (NUMBER.matcher(text).matches()) {
            int number = number(text);
            return new Range(number, number);
        }
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither a number nor a range of numbers like 9-12 or -1..5");
        }
        boolean dashed = range.group(1) != null;
        int from = number(range.group(dashed ? 1 : 3));
        int to = number(range.group(dashed ? 2 : 4));
        if (from > to) {
            throw new IllegalArgumentException("'" + text + "' begins with the higher number; turn it round");
        }
        return new Range(from, to);
    }

    private static int number(String digits) {
        long number = Long.parseLong(digits);
        if (number != (int) number) {
            throw new IllegalArgumentException(
                    "'" + digits + "' is no number that Aeries can hold; the highest is " + Integer.MAX_VALUE);
        }
        return (int) number;
    }

    private static void requireDate(String text) {
        try {
            LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is not a date; write one like 2026-08-31", e);
        }
    }

    /** Returns the kinds of patrons that the condition is about. */
    public Set<PatronKind> kinds() {
        Set<PatronKind> kinds = EnumSet.noneOf(PatronKind.class);
        for (PatronKind kind : PatronKind.values()) {
            if (concerns(kind)) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    /** Whether the condition is about this kind of patron. */
    public boolean concerns(PatronKind kind) {
        return key.indexOf('.') > 0
                ? key.startsWith(PatronField.table(kind) + ".")
                : PatronField.of(key).flatMap(field -> field.column(kind)).isPresent();
    }

    /** Returns where a row of the kind has the value, as {@link dev.patronstream.schemas.Progress} names it. */
    String column(PatronKind kind) {
        return PatronField.named(key)
                .map(field -> PatronField.table(kind) + "." + field.rowField(kind))
                .orElse(key);
    }

    /** Returns the id of the field, or the own column, that has to be captured. */
    public String captured() {
        return PatronField.named(key).map(PatronField::id).orElse(key);
    }

    /**
     * Whether a row of the kind, or a patron whose primary row it is, is as it has to be. The kind must be one that the
     * condition {@linkplain #concerns concerns}.
     */
    public boolean holds(PatronKind kind, IndexedRecord row) {
        @Nullable Object value = value(kind, row);
        boolean ofNumbers = blank || !ranges.isEmpty();
        boolean isOneOfThem;
        if (value instanceof Integer number) {
            int at = Collections.binarySearch(ranges, new Range(number, number), BY_BEGINNING);
            // Where none begins with it, the one before may hold it.
            int nearest = at >= 0 ? at : -at - 2;
            isOneOfThem = nearest >= 0 && ranges.get(nearest).holds(number);
        } else if (ofNumbers) {
            isOneOfThem = blank;
        } else {
            isOneOfThem = texts.contains(value == null ? "" : Text.strip(value.toString()));
        }
        return isOneOfThem != negated;
    }

    /** Returns in words what the field is in a row: {@code 8}, {@code blank}. */
    public String shown(PatronKind kind, IndexedRecord row) {
        @Nullable Object value = value(kind, row);
        String text = value == null ? "" : Text.strip(value.toString());
        return text.isEmpty() ? "blank" : text;
    }

    private @Nullable Object value(PatronKind kind, IndexedRecord row) {
        Optional<PatronField> field = PatronField.named(key);
        if (field.isEmpty()) {
            @Nullable Object extra = get(row, "extra");
            return extra instanceof Map<?, ?> columns ? columns.get(key.substring(key.indexOf('.') + 1)) : null;
        }
        String name = field.get().rowField(kind);
        @Nullable Object value = row.getSchema().getField(name) != null ? get(row, name) : inPatron(field.get(), row);
        // School 0 of staff means no school.
        boolean isNone =
                field.get() == PatronField.SCHOOL_CODE && Integer.valueOf(0).equals(value);
        return isNone ? null : value;
    }

    private static @Nullable Object inPatron(PatronField field, IndexedRecord patron) {
        String name = field.contractField();
        return patron.getSchema().getField(name) != null
                ? get(patron, name)
                : get(patron, "primary") instanceof IndexedRecord tie ? get(tie, name) : null;
    }

    private static @Nullable Object get(IndexedRecord row, String name) {
        Schema.@Nullable Field field = row.getSchema().getField(name);
        return field == null ? null : row.get(field.pos());
    }

    /** Returns it as people read it: {@code grade 9-12}, {@code STU.SP not 2}, {@code id of optout.txt}. */
    public String words() {
        List<String> values = new ArrayList<>();
        ranges.forEach(range -> values.add(range.toString()));
        texts.stream().filter(text -> !text.isEmpty()).sorted().forEach(values::add);
        if (blank || texts.contains("")) {
            values.add("blank");
        }
        int more = values.size() - SHOWN_VALUES;
        String listed = values.stream().limit(SHOWN_VALUES).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
        return key + (negated ? " not " : " ") + file.map(name -> "of " + name).orElse(listed);
    }

    /** Returns a text that is equal for conditions that say the same of every row. */
    String canonical() {
        Map<PatronKind, String> about = new EnumMap<>(PatronKind.class);
        kinds().forEach(kind -> about.put(kind, captured()));
        return about
                + (negated ? " not " : " ")
                + ranges.stream().map(Range::toString).sorted().toList()
                + new TreeSet<>(texts)
                + blank;
    }
}
