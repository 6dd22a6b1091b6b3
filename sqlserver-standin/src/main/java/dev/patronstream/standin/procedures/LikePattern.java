package dev.patronstream.standin.procedures;

import java.util.Optional;
import java.util.regex.Pattern;

/** T-SQL's LIKE for the arguments of catalog procedures: {@code %}, {@code _}, {@code [abc]}; case does not count. */
final class LikePattern {
    private final Optional<Pattern> pattern;

    LikePattern(Optional<String> like) {
        pattern = like.filter(l -> !l.equals("%")).map(l -> Pattern.compile(regex(l), Pattern.CASE_INSENSITIVE));
    }

    boolean matches(String name) {
        return pattern.isEmpty() || pattern.get().matcher(name).matches();
    }

    private static String regex(String like) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < like.length(); i++) {
            char c = like.charAt(i);
            int close = c == '[' ? like.indexOf(']', i) : -1;
            if (c == '%') {
                regex.append(".*");
            } else if (c == '_') {
                regex.append('.');
            } else if (close > i + 1) {
                String set = like.substring(i + 1, close);
                boolean negated = set.length() > 1 && set.startsWith("^");
                regex.append(negated ? "[^" : "[")
                        .append((negated ? set.substring(1) : set).replaceAll("([\\\\\\[\\]&^])", "\\\\$1"))
                        .append(']');
                i = close;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }
}
