package dev.patronstream.snapshotter.layout.template;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.rules.Rule;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a template can do to a value: each function with its name, what stands behind its colon, the values that it
 * takes, and how it changes them. The constants' order is that of the documentation.
 */
enum TemplateFunction {
    LOWER("lower", Argument.NONE, "", call -> text(value -> value.toLowerCase(Locale.ROOT))),
    UPPER("upper", Argument.NONE, "", call -> text(value -> value.toUpperCase(Locale.ROOT))),
    TITLE("title", Argument.NONE, "", call -> text(TemplateFunction::title)),
    DIGITS("digits", Argument.NONE, "", call -> text(value -> value.replaceAll("[^0-9]", ""))),
    FIRST("first", Argument.COUNT, "30", call -> {
        int count = Integer.parseInt(call.argument());
        return text(value -> CellText.isLongerThan(value, count) ? CellText.cut(value, count) : value);
    }),
    PAD("pad", Argument.COUNT, "7", call -> {
        int count = Integer.parseInt(call.argument());
        return text(value -> "0".repeat(Math.max(0, count - value.codePointCount(0, value.length()))) + value);
    }),
    PLUS("plus", Argument.NUMBER, "1", call -> {
        long added = Long.parseLong(call.argument());
        return text(value -> Long.toString(Long.parseLong(value) + added));
    }),
    REPLACE("replace", Argument.TWO_TEXTS, "'-',' '", call -> {
        String from = call.argument();
        String to = call.arguments().get(1);
        return text(value -> value.replace(from, to));
    }),
    BEFORE("before", Argument.TEXT, "'T'", call -> text(value -> call.argument() + value)),
    AFTER("after", Argument.TEXT, "', '", call -> text(value -> value + call.argument())),
    ELSE("else", Argument.TEXT, "firstName", call -> {
        Function<FeedEntry, String> other = call.other();
        return (value, entry) -> Cell.of(value.isEmpty() ? Text.strip(other.apply(entry)) : value);
    }),
    MAP("map", Argument.TEXT, "grades", TemplateFunction::map),
    DATE("date", Argument.TEXT, "MM/dd/yyyy", TemplateFunction::date);

    /** What stands between single quotes in the pattern of a date, and so is no letter of it. */
    private static final Pattern QUOTED = Pattern.compile("'[^']*'");

    /** A letter of Java's patterns that is not of a year, month, day or day of the week. */
    private static final Pattern OTHER_THAN_DATE = Pattern.compile("[A-Za-z&&[^yuMLdE]]");

    /** What stands behind a function's colon. */
    enum Argument {
        NONE("", ""),
        TEXT(".+", "something behind a colon"),
        COUNT("[1-9][0-9]{0,3}", "a number of characters"),
        NUMBER("-?[0-9]{1,6}", "a whole number"),
        TWO_TEXTS(".+", "two texts in single quotes");

        private final Pattern form;
        private final String inWords;

        Argument(String form, String inWords) {
            this.form = Pattern.compile(form, Pattern.DOTALL);
            this.inWords = inWords;
        }
    }

    /**
     * A function as a template has it.
     *
     * @param at position of its name
     * @param arguments what stands behind the colon: nothing, a text, or two
     * @param argumentAt position of the first of them
     * @param before what the values of the field right before it are; empty where another function stands between
     * @param other the value that the argument stands for, of a function that names a field or a quoted text
     * @param context what templates know besides the patron
     */
    record Call(
            int at,
            List<String> arguments,
            int argumentAt,
            Optional<PatronField.Kind> before,
            Function<FeedEntry, String> other,
            TemplateContext context) {

        String argument() {
            return arguments.get(0);
        }
    }

    /** Makes of a call what is done to each value. */
    private interface Making {
        BiFunction<String, FeedEntry, Cell> of(Call call) throws TemplateException;
    }

    private final String id;
    private final Argument argument;
    private final String example;

    @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
    private final Making making;

    TemplateFunction(String id, Argument argument, String example, Making making) {
        this.id = id;
        this.argument = argument;
        this.example = id + ":" + example;
        this.making = making;
    }

    static TemplateFunction of(String id, int at) throws TemplateException {
        return Arrays.stream(values())
                .filter(function -> function.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new TemplateException(
                        at,
                        "there is no function '" + id + "'; there are: "
                                + Arrays.stream(values())
                                        .map(function -> function.id)
                                        .collect(Collectors.joining(", "))));
    }

    boolean takesTwo() {
        return argument == Argument.TWO_TEXTS;
    }

    /** Returns what is done to each value: the changed value, or the rule that it breaks. */
    BiFunction<String, FeedEntry, Cell> of(Call call) throws TemplateException {
        PatronField.Kind takes =
                this == PLUS ? PatronField.Kind.NUMBER : this == DATE ? PatronField.Kind.DATE : PatronField.Kind.TEXT;
        if (takes != PatronField.Kind.TEXT && !call.before().equals(Optional.of(takes))) {
            throw new TemplateException(
                    call.at(),
                    id + " must come right behind a field that is a "
                            + (this == PLUS ? "number, like schoolYear" : "date, like birthDate"));
        }
        if (argument == Argument.NONE && !call.arguments().isEmpty()) {
            throw new TemplateException(call.at(), id + " takes nothing behind a colon");
        }
        if (argument != Argument.NONE
                && (call.arguments().size() != (takesTwo() ? 2 : 1)
                        || !argument.form.matcher(call.argument()).matches())) {
            throw new TemplateException(
                    argument == Argument.TEXT ? call.at() : call.argumentAt(),
                    id + " needs " + argument.inWords + ", like " + example);
        }
        return making.of(call);
    }

    /** Changes a value and leaves alone that there is none. */
    private static BiFunction<String, FeedEntry, Cell> text(UnaryOperator<String> change) {
        return (value, entry) -> value.isEmpty() ? Cell.EMPTY : Cell.of(change.apply(value));
    }

    /** The first letter of each word large, all others small; a word begins behind whatever is no letter or digit. */
    private static String title(String value) {
        StringBuilder title = new StringBuilder();
        boolean inWord = false;
        for (int letter : value.codePoints().toArray()) {
            title.appendCodePoint(inWord ? Character.toLowerCase(letter) : Character.toTitleCase(letter));
            inWord = Character.isLetterOrDigit(letter) || Character.getType(letter) == Character.NON_SPACING_MARK;
        }
        return title.toString();
    }

    private static BiFunction<String, FeedEntry, Cell> map(Call call) throws TemplateException {
        var maps = call.context().maps();
        var map = maps.get(call.argument());
        if (map == null) {
            throw new TemplateException(
                    call.argumentAt(),
                    "there is no map '" + call.argument() + "'; "
                            + (maps.isEmpty()
                                    ? "the layout has none below maps"
                                    : "there are: " + String.join(", ", new TreeSet<>(maps.keySet()))));
        }
        return (value, entry) -> {
            String mapped = map.get(value);
            if (mapped != null) {
                return Cell.of(mapped);
            }
            return value.isEmpty() ? Cell.EMPTY : Cell.breaking(Rule.NOT_IN_MAP, value);
        };
    }

    private static BiFunction<String, FeedEntry, Cell> date(Call call) throws TemplateException {
        String pattern = call.argument();
        String wrong = "'" + pattern + "' is not the pattern of a date";
        Matcher other = OTHER_THAN_DATE.matcher(QUOTED.matcher(pattern).replaceAll(""));
        if (other.find()) {
            throw new TemplateException(call.argumentAt(), wrong + ": " + why(other.group()));
        }
        try {
            DateTimeFormatter formatter = DateTimeFormatter.ofPattern(pattern, Locale.US);
            String unused = formatter.format(LocalDate.EPOCH);
            return text(value -> LocalDate.parse(value).format(formatter));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new TemplateException(call.argumentAt(), wrong + ", like MM/dd/yyyy");
        }
    }

    private static String why(String letter) {
        return switch (letter) {
            case "D" -> "D is the day of the year; write dd for the day of the month";
            case "Y" -> "Y is the year of the week, another one around New Year; write yyyy";
            case "m" -> "m is the minute; write MM for the month";
            default -> letter + " is no part of a date here; write one like MM/dd/yyyy";
        };
    }
}
