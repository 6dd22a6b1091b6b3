package dev.patronstream.snapshotter.layout.template;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.rules.Rule;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one template. For one use. */
final class TemplateParser {

    private static final String SITE = "site";
    private static final String GRADUATION_YEAR = "graduationYear";
    private static final String SCHOOL_YEAR = "schoolYear";
    /** By name of what follows from the configuration: the fields that it reads besides. */
    static final Map<String, Set<String>> FOLLOWS_FROM = Map.of(
            SITE, Set.of(PatronField.SCHOOL_CODE.id()),
            GRADUATION_YEAR, Set.of(PatronField.STATUS.id(), PatronField.GRADE.id(), PatronField.NEXT_GRADE.id()),
            SCHOOL_YEAR, Set.of());

    /** What is known of people who left, besides the values last delivered. */
    private static final Set<String> KNOWN_OF_LEAVERS =
            Set.of(PatronField.STATUS.id(), PatronField.ID.id(), PatronField.KIND.id(), SCHOOL_YEAR);

    private static final Pattern NUMBER_FORMAT = Pattern.compile("%(0[1-9][0-9]?)?d");

    /** What stands between single quotes in the pattern of a date, and so is no letter of it. */
    private static final Pattern QUOTED = Pattern.compile("'[^']*'");

    /** A letter of Java's patterns that is not of a year, month, day or day of the week. */
    private static final Pattern OTHER_THAN_DATE = Pattern.compile("[A-Za-z&&[^yuMLdE]]");

    private final String text;
    private final TemplateContext context;
    private final List<Function<FeedEntry, Cell>> parts = new ArrayList<>();
    private final Set<String> fields = new TreeSet<>();
    private final Set<String> placed = new TreeSet<>();
    private final List<String> dateForms = new ArrayList<>();
    private OptionalInt status = OptionalInt.empty();
    private int position;

    TemplateParser(String text, TemplateContext context) {
        this.text = text;
        this.context = context;
    }

    Template template() throws TemplateException {
        StringBuilder literal = new StringBuilder();
        while (position < text.length()) {
            char c = text.charAt(position);
            boolean doubled = position + 1 < text.length() && text.charAt(position + 1) == c;
            if ((c == '{' || c == '}') && doubled) {
                literal.append(c);
                position += 2;
            } else if (c == '{') {
                addLiteral(literal);
                position++;
                parts.add(place());
            } else if (c == '}') {
                throw new TemplateException(position, "a } that closes nothing; write }} for a brace in the value");
            } else {
                literal.append(c);
                position++;
            }
        }
        addLiteral(literal);
        if (status.isPresent() && !KNOWN_OF_LEAVERS.containsAll(fields)) {
            throw new TemplateException(
                    status.getAsInt(),
                    "status can stand beside "
                            + KNOWN_OF_LEAVERS.stream()
                                    .filter(known -> !known.equals(PatronField.STATUS.id()))
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + " only, since no more is known of somebody who left; give it a column of its own");
        }
        return new Template(text, parts, fields, Set.copyOf(dateForms));
    }

    private void addLiteral(StringBuilder literal) {
        if (!literal.isEmpty()) {
            String value = literal.toString();
            parts.add(entry -> Cell.of(value));
            literal.setLength(0);
        }
    }

    /** Reads from behind the opening brace to behind the closing one. */
    private Function<FeedEntry, Cell> place() throws TemplateException {
        int start = position;
        placed.clear();
        String name = until(":|}");
        Function<FeedEntry, String> field;
        if (peek() == ':') {
            position++;
            field = formatted(name, start);
        } else {
            field = plain(name, start);
        }
        List<BiFunction<String, FeedEntry, Cell>> functions = new ArrayList<>();
        while (peek() == '|') {
            position++;
            functions.add(function(functions.isEmpty() ? name : ""));
        }
        position++;
        Set<String> named = Set.copyOf(placed);
        return entry -> {
            Cell cell = Cell.of(Text.strip(field.apply(entry)));
            for (BiFunction<String, FeedEntry, Cell> function : functions) {
                Cell next = function.apply(cell.text(), entry);
                cell = new Cell(next.text(), cell.broken().or(next::broken));
            }
            return cell.text().isEmpty() && cell.broken().isEmpty() ? new Cell("", whyMissing(named, entry)) : cell;
        };
    }

    /** Returns the rule of the feed that a person breaks who has nothing in one of these fields, in any layout. */
    private Optional<Rule> whyMissing(Set<String> named, FeedEntry entry) {
        if (named.contains(PatronField.LAST_NAME.id())) {
            return Optional.of(Rule.MISSING_LAST_NAME);
        }
        return named.contains(SITE) || named.contains(PatronField.SCHOOL_CODE.id())
                ? context.site(entry).broken()
                : Optional.empty();
    }

    private Function<FeedEntry, String> plain(String name, int at) throws TemplateException {
        fields.add(name);
        placed.add(name);
        if (name.equals(PatronField.STATUS.id())) {
            status = OptionalInt.of(at);
        }
        Optional<PatronField> field = PatronField.of(name);
        if (field.isPresent()) {
            if (field.get().kind() == PatronField.Kind.DATE) {
                dateForms.add(Template.ISO_DATE);
            }
            return entry -> field.get().text(entry).orElse("");
        }
        Optional<Function<FeedEntry, String>> derived = derived(name);
        if (derived.isPresent()) {
            return derived.get();
        }
        Matcher own = PatronField.OWN_COLUMN.matcher(name);
        if (own.matches()) {
            Optional<PatronField> known = PatronField.ofColumn(name);
            if (known.isPresent()) {
                throw new TemplateException(
                        at,
                        name + " is the field " + known.get().id() + "; write {"
                                + known.get().id() + "}");
            }
            return entry -> own.group(1).equals(PatronField.table(entry.getKind()))
                    ? entry.getExtra().getOrDefault(own.group(2), "")
                    : "";
        }
        throw new TemplateException(
                at,
                "there is no field '" + name + "'; there are: "
                        + Stream.concat(
                                        Arrays.stream(PatronField.values()).map(PatronField::id),
                                        Stream.of(SITE, GRADUATION_YEAR, SCHOOL_YEAR, "STU.COLUMN", "STF.COLUMN"))
                                .collect(Collectors.joining(", ")));
    }

    /** What follows from the configuration. */
    private Optional<Function<FeedEntry, String>> derived(String name) {
        return switch (name) {
            case SITE -> Optional.of(entry -> context.site(entry).text());
            case SCHOOL_YEAR -> Optional.of(entry -> Integer.toString(context.schoolYear()));
            case GRADUATION_YEAR ->
                Optional.of(entry -> context.graduationYear(entry).orElse(""));
            default -> Optional.empty();
        };
    }

    private Function<FeedEntry, String> formatted(String name, int at) throws TemplateException {
        int formatAt = position;
        String format = until("|}");
        plain(name, at);
        PatronField field = PatronField.of(name)
                .filter(known -> known.kind() == PatronField.Kind.NUMBER)
                .orElseThrow(() -> new TemplateException(
                        formatAt, "'" + name + "' is not a number, so it has no format; dates take |date:MM/dd/yyyy"));
        if (!NUMBER_FORMAT.matcher(format).matches()) {
            throw new TemplateException(
                    formatAt, "'" + format + "' is not a format of a number; write %07d for seven digits");
        }
        return entry -> field.number(entry)
                .map(number -> String.format(Locale.ROOT, format, number))
                .orElse("");
    }

    /** Reads a function from behind its bar: it returns the changed value, or the rule that the value breaks. */
    private BiFunction<String, FeedEntry, Cell> function(String fieldBefore) throws TemplateException {
        int at = position;
        String name = until(":|}").strip();
        Optional<String> argument = Optional.empty();
        int argumentAt = position + 1;
        if (peek() == ':') {
            position++;
            argument = Optional.of(argument());
        }
        boolean literal = argument.isPresent() && text.charAt(argumentAt) == '\'';
        return switch (name) {
            case "lower" -> without(argument, at, name, (value, entry) -> Cell.of(value.toLowerCase(Locale.ROOT)));
            case "upper" -> without(argument, at, name, (value, entry) -> Cell.of(value.toUpperCase(Locale.ROOT)));
            case "digits" -> without(argument, at, name, (value, entry) -> Cell.of(value.replaceAll("[^0-9]", "")));
            case "first" -> {
                int count = count(argument, argumentAt, name);
                yield (value, entry) ->
                        Cell.of(CellText.isLongerThan(value, count) ? CellText.cut(value, count) : value);
            }
            case "before" -> {
                String put = required(argument, at, name, "'T'");
                yield (value, entry) -> Cell.of(value.isEmpty() ? "" : put + value);
            }
            case "after" -> {
                String put = required(argument, at, name, "', '");
                yield (value, entry) -> Cell.of(value.isEmpty() ? "" : value + put);
            }
            case "else" -> {
                String other = required(argument, at, name, "firstName");
                Function<FeedEntry, String> instead = literal ? entry -> other : plain(other, argumentAt);
                yield (value, entry) -> Cell.of(value.isEmpty() ? Text.strip(instead.apply(entry)) : value);
            }
            case "map" -> map(required(argument, at, name, "grades"), argumentAt);
            case "date" -> date(fieldBefore, required(argument, at, name, "MM/dd/yyyy"), at, argumentAt);
            default ->
                throw new TemplateException(
                        at,
                        "there is no function '" + name
                                + "'; there are: lower, upper, digits, first, before, after, else, map, date");
        };
    }

    private BiFunction<String, FeedEntry, Cell> map(String name, int at) throws TemplateException {
        var map = context.maps().get(name);
        if (map == null) {
            throw new TemplateException(
                    at,
                    "there is no map '" + name + "'; "
                            + (context.maps().isEmpty()
                                    ? "the layout has none below maps"
                                    : "there are: "
                                            + String.join(
                                                    ", ",
                                                    new TreeSet<>(context.maps().keySet()))));
        }
        return (value, entry) -> {
            String mapped = map.get(value);
            if (mapped != null) {
                return Cell.of(mapped);
            }
            return value.isEmpty() ? Cell.EMPTY : Cell.breaking(Rule.NOT_IN_MAP, value);
        };
    }

    private BiFunction<String, FeedEntry, Cell> date(String field, String pattern, int at, int patternAt)
            throws TemplateException {
        if (PatronField.of(field)
                .filter(known -> known.kind() == PatronField.Kind.DATE)
                .isEmpty()) {
            throw new TemplateException(at, "date must come right behind a field that is a date, like birthDate");
        }
        Matcher other = OTHER_THAN_DATE.matcher(QUOTED.matcher(pattern).replaceAll(""));
        if (other.find()) {
            throw new TemplateException(
                    patternAt, "'" + pattern + "' is not the pattern of a date: " + why(other.group()));
        }
        try {
            DateTimeFormatter formatter = DateTimeFormatter.ofPattern(pattern, Locale.US);
            String unused = formatter.format(LocalDate.EPOCH);
            dateForms.set(dateForms.size() - 1, pattern);
            return (value, entry) ->
                    Cell.of(value.isEmpty() ? "" : LocalDate.parse(value).format(formatter));
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw new TemplateException(patternAt, "'" + pattern + "' is not the pattern of a date, like MM/dd/yyyy");
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

    private static int count(Optional<String> argument, int at, String name) throws TemplateException {
        if (argument.isEmpty() || !argument.get().matches("[1-9][0-9]{0,3}")) {
            throw new TemplateException(at, name + " needs a number of characters, like first:30");
        }
        return Integer.parseInt(argument.get());
    }

    private static BiFunction<String, FeedEntry, Cell> without(
            Optional<String> argument, int at, String name, BiFunction<String, FeedEntry, Cell> function)
            throws TemplateException {
        if (argument.isPresent()) {
            throw new TemplateException(at, name + " takes nothing behind a colon");
        }
        return function;
    }

    private static String required(Optional<String> argument, int at, String name, String example)
            throws TemplateException {
        if (argument.isEmpty() || argument.get().isEmpty()) {
            throw new TemplateException(at, name + " needs something behind a colon, like " + name + ":" + example);
        }
        return argument.get();
    }

    /** Reads what stands behind a colon; in single quotes it may hold anything but a single quote. */
    private String argument() throws TemplateException {
        if (peek() != '\'') {
            return until("|}").strip();
        }
        int start = position;
        int end = text.indexOf('\'', position + 1);
        if (end < 0) {
            throw new TemplateException(start, "a quoted text that is not closed");
        }
        position = end + 1;
        if (peek() != '|' && peek() != '}') {
            throw new TemplateException(position, "something stands between the quoted text and the next | or }");
        }
        return text.substring(start + 1, end);
    }

    private String until(String ends) throws TemplateException {
        int start = position;
        while (position < text.length() && ends.indexOf(text.charAt(position)) < 0) {
            position++;
        }
        if (position == text.length()) {
            throw new TemplateException(start, "a { that is not closed; write {{ for a brace in the value");
        }
        return text.substring(start, position);
    }

    private char peek() {
        return position < text.length() ? text.charAt(position) : '\0';
    }
}
