package dev.patronstream.cli.config.setting;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One declared key of the configuration.
 *
 * @param path where it stands, with {@code <feed>} and the like for names that people choose
 * @param is what it is, in Markdown
 * @param type how its value is written; empty for a section
 * @param oneOf the only values it can have; empty where others can be written
 * @param usual its default
 * @param usually its default in words, where it depends on something
 * @param required what to write where it must be and is missing
 * @param example a value
 */
record Setting(
        String path,
        String is,
        String type,
        List<String> oneOf,
        Optional<String> usual,
        Optional<String> usually,
        Optional<String> required,
        Optional<String> example) {

    static Setting of(String path, JsonNode declared) {
        return new Setting(
                path,
                declared.path("is").asText(),
                declared.path("type").asText(),
                StreamSupport.stream(declared.path("one-of").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList(),
                text(declared, "default"),
                text(declared, "usually"),
                text(declared, "required"),
                text(declared, "example"));
    }

    private static Optional<String> text(JsonNode declared, String field) {
        return Optional.ofNullable(declared.get(field)).map(JsonNode::asText);
    }

    /** Returns what a whole number may be, by a type like {@code integer 1..65535}. */
    Kind<Integer> whole() {
        List<Integer> bounds = bounds();
        return Values.whole(bounds.get(0), bounds.size() == 1 ? Integer.MAX_VALUE : bounds.get(1));
    }

    /** Returns the lowest whole number, and the highest if there is one. */
    List<Integer> bounds() {
        return Stream.of(type.substring(type.indexOf(' ') + 1).split("\\.\\."))
                .map(Integer::valueOf)
                .toList();
    }

    /** Returns what the values that are declared for it mean. */
    <T> Kind<T> choice(Function<String, T> meaning) {
        Map<String, T> choices = new LinkedHashMap<>();
        oneOf.forEach(value -> choices.put(value, Objects.requireNonNull(meaning.apply(value), path)));
        return Values.choice(choices);
    }

    List<String> usualList() {
        return usual.map(values -> List.of(values.split(", "))).orElse(List.of());
    }

    /** Returns the section whose keys are declared for it: itself, unless it is like another or a map. */
    String section() {
        if (type.startsWith("map")) {
            return Section.FREE;
        }
        return type.startsWith("like ") ? type.substring("like ".length()) : path;
    }

    String row() {
        String last = required.map(hint -> "required")
                .or(() -> usual.map(value -> "`" + value + "`"))
                .or(() -> usually)
                .orElse("");
        return ("| `" + path + "` | " + (is.isEmpty() ? "" : is + " | ") + last + " |").replace("|  |", "| |");
    }
}
