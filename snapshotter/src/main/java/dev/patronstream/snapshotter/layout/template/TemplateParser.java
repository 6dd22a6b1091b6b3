package dev.patronstream.snapshotter.layout.template;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.rules.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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

    /** What is known of people who left, besides the values last delivered. */
    private static final Set<String> KNOWN_OF_LEAVERS =
            Set.of(PatronField.STATUS.id(), PatronField.ID.id(), PatronField.KIND.id(), DerivedField.SCHOOL_YEAR.id());

    private static final Pattern NUMBER_FORMAT = Pattern.compile("%(0[1-9][0-9]?)?d");

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
        boolean formatted = peek() == ':';
        if (formatted) {
            position++;
        }
        Function<FeedEntry, String> field = formatted ? formatted(name, start) : plain(name, start);
        List<BiFunction<String, FeedEntry, Cell>> functions = new ArrayList<>();
        while (peek() == '|') {
            position++;
            functions.add(function(functions.isEmpty() && !formatted ? kind(name) : Optional.empty()));
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
        if (named.contains(DerivedField.FOR_SITE.id()) || named.contains(DerivedField.FOR_SCHOOL.id())) {
            return context.forSite(entry).broken();
        }
        return named.contains(DerivedField.SITE.id()) || named.contains(PatronField.SCHOOL_CODE.id())
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
        Optional<DerivedField> derived = DerivedField.of(name);
        if (derived.isPresent()) {
            return entry -> derived.get().text(context, entry);
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
                        + Stream.of(
                                        Arrays.stream(PatronField.values()).map(PatronField::id),
                                        Arrays.stream(DerivedField.values()).map(DerivedField::id),
                                        Stream.of("STU.COLUMN", "STF.COLUMN"))
                                .flatMap(each -> each)
                                .collect(Collectors.joining(", ")));
    }

    private static Optional<PatronField.Kind> kind(String name) {
        return DerivedField.of(name).map(DerivedField::kind).or(() -> PatronField.of(name)
                .map(PatronField::kind));
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

    /** Reads a function from behind its bar; {@code before} is what the values right before it are. */
    private BiFunction<String, FeedEntry, Cell> function(Optional<PatronField.Kind> before) throws TemplateException {
        int at = position;
        TemplateFunction function = TemplateFunction.of(until(":|}").strip(), at);
        List<String> arguments = new ArrayList<>();
        int argumentAt = position + 1;
        if (peek() == ':') {
            position++;
            arguments.add(argument());
            if (function.takesTwo() && peek() == ',') {
                position++;
                arguments.add(argument());
            }
            if (peek() != '|' && peek() != '}') {
                throw new TemplateException(position, "something stands between the quoted text and the next | or }");
            }
        }
        Function<FeedEntry, String> other = entry -> "";
        if (function == TemplateFunction.ELSE
                && !arguments.isEmpty()
                && !arguments.get(0).isEmpty()) {
            String named = arguments.get(0);
            other = text.charAt(argumentAt) == '\'' ? entry -> named : plain(named, argumentAt);
        }
        var changed = function.of(new TemplateFunction.Call(at, arguments, argumentAt, before, other, context));
        if (function == TemplateFunction.DATE) {
            dateForms.set(dateForms.size() - 1, arguments.get(0));
        }
        return changed;
    }

    /** Reads a text behind a colon or comma; in single quotes it may hold anything, a single quote doubled. */
    private String argument() throws TemplateException {
        if (peek() != '\'') {
            return until("|}").strip();
        }
        int start = position++;
        StringBuilder quoted = new StringBuilder();
        while (peek() != '\'' || text.startsWith("''", position)) {
            if (position == text.length()) {
                throw new TemplateException(start, "a quoted text that is not closed");
            }
            quoted.append(peek());
            position += peek() == '\'' ? 2 : 1;
        }
        position++;
        return quoted.toString();
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
