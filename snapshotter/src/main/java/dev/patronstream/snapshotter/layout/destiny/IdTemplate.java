package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How an ID is written: {@code {id}}, {@code T{id}}, {@code {id:%07d}} (seven digits, leading zeros). */
public record IdTemplate(String before, String format, String after) {

    private static final Pattern PLACE = Pattern.compile("\\{id(?::(%d|%0[1-9][0-9]?d))?}");
    private static final String EXAMPLES = "like {id}, T{id} or {id:%07d}";

    /** Returns the template of a text without a {@link #problem}. */
    public static IdTemplate parse(String text) {
        Matcher place = PLACE.matcher(text);
        if (problem("", text).isPresent() || !place.find()) {
            throw new IllegalArgumentException("'" + text + "' is not a template of an ID " + EXAMPLES);
        }
        String format = place.group(1) == null ? "%d" : place.group(1);
        return new IdTemplate(text.substring(0, place.start()), format, text.substring(place.end()));
    }

    /** Returns what is wrong with a text as a template, with the position counted from 1. */
    public static Optional<SettingProblem> problem(String path, String text) {
        Matcher place = PLACE.matcher(text);
        if (!place.find()) {
            int brace = text.indexOf('{');
            String where = brace < 0 ? "" : " (at character " + (brace + 1) + ")";
            return Optional.of(new SettingProblem(
                    path, "'" + text + "' does not say where the ID goes" + where + "; use a template " + EXAMPLES));
        }
        String rest = " ".repeat(place.end()) + text.substring(place.end());
        for (String part : new String[] {text.substring(0, place.start()), rest}) {
            for (char brace : new char[] {'{', '}'}) {
                if (part.indexOf(brace) >= 0) {
                    return Optional.of(new SettingProblem(
                            path,
                            "'" + text + "' has a '" + brace + "' at character " + (part.indexOf(brace) + 1)
                                    + " that belongs to no {id}; use one template " + EXAMPLES));
                }
            }
        }
        return Optional.empty();
    }

    /** Returns the text of an ID. */
    public String of(int id) {
        return before + (format.equals("%d") ? Integer.toString(id) : String.format(Locale.ROOT, format, id)) + after;
    }
}
