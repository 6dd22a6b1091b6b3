package dev.patronstream.cli.config.setting;

import java.util.Optional;
import java.util.function.Function;

/**
 * How values of a kind are written.
 *
 * @param parser reads a text without blanks around it; empty for one that is not of the kind
 * @param complaint says of such a text what would be right
 */
public record Kind<T>(Function<String, Optional<T>> parser, Function<String, String> complaint) {

    static <T> Kind<T> of(Function<String, Optional<T>> parser, String complaint) {
        return new Kind<>(parser, text -> complaint);
    }
}
