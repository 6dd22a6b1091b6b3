package dev.patronstream.sandbox.oracle;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Identifiers made of an ID. */
final class Template {

    private static final Pattern PLACE = Pattern.compile("\\{id(?::(%0\\d+d))?}");

    private Template() {}

    static String fill(String template, int id) {
        Matcher place = PLACE.matcher(template);
        StringBuilder filled = new StringBuilder();
        while (place.find()) {
            String format = place.group(1);
            String text = format == null ? String.valueOf(id) : String.format(Locale.ROOT, format, id);
            place.appendReplacement(filled, Matcher.quoteReplacement(text));
        }
        return place.appendTail(filled).toString();
    }
}
