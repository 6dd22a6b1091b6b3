package dev.patronstream.cli.config.setting;

import dev.patronstream.schemas.Text;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How single values are written: the kinds of them, and what no value may hold. */
public final class Values {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
    private static final Pattern SHARE_TEXT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)\\s*(%?)");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,10}");
    private static final Duration LONGEST = Duration.ofDays(3650);

    private static final Pattern ADDRESS = Pattern.compile("[^\\s@/?;=&\"'{}]+(\\s*,\\s*[^\\s@/?;=&\"'{}]+)*");
    private static final Pattern PARTLY_REFERENCE =
            Pattern.compile("\\$\\{\\s*(env|file)\\s*:", Pattern.CASE_INSENSITIVE);
    private static final Pattern TYPOGRAPHIC_QUOTE =
            Pattern.compile("^[\u201C\u201D\u201E\u2018\u2019\u00AB].*", Pattern.DOTALL);

    /** A password in a text: behind its name, or before the host of an address. */
    private static final Pattern PASSWORD = Pattern.compile(
            "(pas+w(or)?d|passphrase|pwd|secret|token|api[-_.]?key|credentials?|signature|\\bsig)[\"']?\\s*[=:]\\s*[\"']?[^\\s{}]"
                    + "|[a-z][a-z0-9+.-]*://[^/\\s]*@",
            Pattern.CASE_INSENSITIVE);

    private static final String TIME_HINT =
            "; write a number and a unit: 500ms, 10s, 5m, 24h or 90d, at most " + LONGEST.toDays() + "d";

    public static final Kind<Boolean> FLAG = Kind.of(Values::flag, "is neither true nor false");
    public static final Kind<Duration> TIME_OR_NONE = Kind.of(Values::duration, "is not a time" + TIME_HINT);
    public static final Kind<Duration> TIME = Kind.of(
            text -> duration(text).filter(time -> !time.isZero()), "is not a time longer than none" + TIME_HINT);
    static final Kind<Double> SHARE = Kind.of(Values::share, "is not a share; write 10% or 0.1");
    static final Kind<Double> PART =
            Kind.of(text -> share(text).filter(part -> part <= 1), "is not a part of all; write 10% or 0.1");
    public static final Kind<ZoneId> TIME_ZONE =
            Kind.of(Values::timeZone, "is not a time zone; write one like America/Los_Angeles");
    static final Kind<String> NAME = Kind.of(name -> Optional.of(Text.strip(name)), "");
    public static final Kind<Integer> SCHOOL = whole(1, Integer.MAX_VALUE);

    private Values() {}

    public static Kind<Integer> whole(int lowest, int highest) {
        return Kind.of(
                text -> Optional.of(text)
                        .filter(digits -> WHOLE.matcher(digits).matches())
                        .map(Long::parseLong)
                        .filter(number -> number >= lowest && number <= highest)
                        .map(Long::intValue),
                "is not a whole number" + range(lowest, highest));
    }

    private static String range(int lowest, int highest) {
        return highest != Integer.MAX_VALUE
                ? " from " + lowest + " to " + highest
                : lowest == Integer.MIN_VALUE ? "" : " of " + lowest + " or more";
    }

    public static <T> Kind<T> choice(Map<String, T> choices) {
        return new Kind<>(
                text -> Optional.ofNullable(choices.get(text)),
                text -> "is none of: " + String.join(", ", choices.keySet())
                        + Suggestion.nearest(text, choices.keySet())
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(""));
    }

    /** Returns the constant that a value names: {@code pre-enrolled} is PRE_ENROLLED. */
    public static <E extends Enum<E>> Function<String, E> constant(Class<E> type) {
        return value -> Enum.valueOf(type, value.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /**
     * Returns what is wrong with a text whatever it is for, without quoting it.
     *
     * @param ofClient whether it is a property of a client, which may have several lines
     */
    public static Optional<String> complaint(String text, boolean ofClient) {
        String line = ofClient ? onOneLine(text) : text;
        if (Text.firstUnseen(line) >= 0) {
            return Optional.of(unseen(line));
        }
        if (PARTLY_REFERENCE.matcher(text).find() && !References.isReference(text)) {
            return Optional.of("has a reference among other text, where it would not be looked up; write ${env:NAME} or"
                    + " ${file:PATH} and nothing else, in small letters");
        }
        if (TYPOGRAPHIC_QUOTE.matcher(text).matches()) {
            return Optional.of("begins with a typographic quotation mark, which does not quote; write \" or '");
        }
        return PASSWORD.matcher(text).find()
                ? Optional.of("seems to hold a password or token, which must not stand here; write it at a key for"
                        + " secrets, as ${env:NAME} or ${file:PATH}")
                : Optional.empty();
    }

    /** Returns what is wrong with a secret, without quoting it. */
    static Optional<String> secretComplaint(String secret) {
        if (Text.isBlank(secret)) {
            return Optional.of("is empty; write its value there");
        }
        String line = onOneLine(secret);
        return Text.firstUnseen(line) >= 0 ? Optional.of(unseen(line)) : Optional.empty();
    }

    private static String onOneLine(String text) {
        return text.replaceAll("[\r\n\t]", " ");
    }

    private static String unseen(String text) {
        int at = Text.firstUnseen(text);
        return "has a character that nobody sees: U+%04X, character %d; delete it, and type the value by hand"
                .formatted(text.codePointAt(at), text.codePointCount(0, at) + 1);
    }

    static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    private static Optional<Boolean> flag(String text) {
        return switch (text) {
            case "true", "yes", "on" -> Optional.of(true);
            case "false", "no", "off" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** A number and a unit: {@code 500ms}, {@code 10s}, {@code 5m}, {@code 24h}, {@code 90d}. */
    private static Optional<Duration> duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(parts.group(1));
        Duration time =
                switch (parts.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                };
        return Optional.of(time).filter(length -> length.compareTo(LONGEST) <= 0);
    }

    /** A number above 1 without a percent sign is a forgotten sign, not many times all. */
    private static Optional<Double> share(String text) {
        Matcher parts = SHARE_TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        double number = Double.parseDouble(parts.group(1));
        return parts.group(2).isEmpty() ? Optional.of(number).filter(share -> share <= 1) : Optional.of(number / 100);
    }

    public static Optional<ZoneId> timeZone(String text) {
        try {
            return Optional.of(ZoneId.of(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
