package dev.patronstream.cli.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping of the configuration, read key by key. What is wrong is reported, and a value that stands in for the wrong
 * one is returned, so that the reading goes on and finds the rest; {@link #build} then makes nothing of it.
 *
 * <p>Every key may also come from an environment variable, which wins. Not thread-safe.
 */
final class Section {

    /** Names of properties of clients that hold secrets. */
    private static final Pattern SECRET = Pattern.compile(
            "password|secret|jaas|user\\.?info|token$|credentials$|keystore\\.key|private.?key",
            Pattern.CASE_INSENSITIVE);

    private final Reading reading;
    private final String path;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();
    private boolean unusable;

    private Section(Reading reading, String path, @Nullable Node node) {
        this.reading = reading;
        this.path = path;
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                String key = ConfigurationText.key(tuple);
                if (values.put(key, tuple.getValueNode()) != null) {
                    reading.problem(at(key), "is given twice; keep one of them");
                }
            }
        } else if (node != null) {
            wrong(path, "must be a section with keys of its own, not a single value or a list");
        }
    }

    static Section top(Reading reading, Optional<Node> root) {
        return new Section(reading, "", root.orElse(null));
    }

    String path() {
        return path;
    }

    String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** Returns the keys of this section as they stand in the file, for sections whose keys are names. */
    List<String> names() {
        return List.copyOf(values.keySet());
    }

    /** Returns a section below; empty of values when it is not there. */
    Section section(String key) {
        return new Section(reading, at(key), node(key).orElse(null));
    }

    /** Returns a section below whose keys are names that people choose. */
    Section freeSection(String key) {
        reading.freeNames(at(key));
        return section(key);
    }

    /** Returns a section below, if it is there. */
    Optional<Section> optionalSection(String key) {
        boolean there = node(key).isPresent() || reading.hasVariablesBelow(at(key));
        return there ? Optional.of(section(key)) : Optional.empty();
    }

    /** Whether the key has a value, from the file or the environment. */
    boolean has(String key) {
        known.add(key);
        reading.know(at(key));
        return reading.environment(Reading.variable(at(key))).isPresent()
                || given(key).isPresent()
                || reading.hasVariablesBelow(at(key));
    }

    /** Returns a text that must be there. */
    String text(String key, String hint) {
        return optionalText(key).orElseGet(() -> {
            if (node(key).isEmpty()) {
                wrong(at(key), "is missing; " + hint);
            }
            return "";
        });
    }

    Optional<String> optionalText(String key) {
        return node(key).flatMap(node -> scalar(at(key), node)).flatMap(text -> resolved(at(key), text));
    }

    /** Returns a text where the key has one, and nothing where it has a section of its own. */
    Optional<String> singleText(String key) {
        return node(key).filter(ScalarNode.class::isInstance).flatMap(node -> optionalText(key));
    }

    int integer(String key, int otherwise) {
        return optionalInteger(key).orElse(otherwise);
    }

    Optional<Integer> optionalInteger(String key) {
        return optionalText(key).flatMap(text -> whole(at(key), text));
    }

    boolean flag(String key, boolean otherwise) {
        return value(key, otherwise, text -> Values.flag(text), "is neither true nor false");
    }

    Duration duration(String key, Duration otherwise) {
        return value(
                key,
                otherwise,
                Values::duration,
                "is not a time; write a number and a unit: 500ms, 10s, 5m, 24h or 90d");
    }

    double share(String key, double otherwise) {
        return value(key, otherwise, Values::share, "is not a share; write 10% or 0.1");
    }

    /** Returns a share, or nothing where it is switched off. */
    Optional<Double> shareOrOff(String key, Optional<Double> otherwise) {
        return isOff(key) ? Optional.empty() : optionalText(key).isEmpty() ? otherwise : Optional.of(share(key, 0));
    }

    /** Returns a time, or nothing where it is switched off. */
    Optional<Duration> durationOrOff(String key, Optional<Duration> otherwise) {
        return isOff(key)
                ? Optional.empty()
                : optionalText(key).isEmpty() ? otherwise : Optional.of(duration(key, Duration.ZERO));
    }

    private boolean isOff(String key) {
        return optionalText(key).filter(text -> text.strip().equals("off")).isPresent();
    }

    /** Whether the key has a single value, where it could have a section. */
    boolean isSingleValue(String key) {
        return node(key).filter(ScalarNode.class::isInstance).isPresent();
    }

    ZoneId timeZone(String key, ZoneId otherwise) {
        return value(key, otherwise, Values::timeZone, "is not a time zone; write one like America/Los_Angeles");
    }

    <T> T choice(String key, Map<String, T> choices, T otherwise) {
        return optionalText(key).flatMap(text -> chosen(at(key), text, choices)).orElse(otherwise);
    }

    /** Returns a path; relative ones start from the configuration's folder. */
    Path file(String key, Path otherwise) {
        return optionalFile(key).orElse(otherwise);
    }

    Optional<Path> optionalFile(String key) {
        return optionalText(key).map(text -> reading.folder().resolve(text).normalize());
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        node(key).ifPresent(node -> {
            if (node instanceof SequenceNode sequence) {
                for (Node item : sequence.getValue()) {
                    scalar(at(key), item)
                            .flatMap(text -> resolved(at(key), text))
                            .ifPresent(texts::add);
                }
            } else {
                // A single value is a list of one.
                scalar(at(key), node).flatMap(text -> resolved(at(key), text)).ifPresent(texts::add);
            }
        });
        return texts;
    }

    List<Integer> integers(String key) {
        return texts(key).stream()
                .flatMap(text -> whole(at(key), text).stream())
                .toList();
    }

    <T> Set<T> choices(String key, Map<String, T> choices, Set<T> otherwise) {
        if (node(key).isEmpty()) {
            return otherwise;
        }
        return texts(key).stream()
                .flatMap(text -> chosen(at(key), text, choices).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns a mapping of names that people choose to single values. */
    Map<String, String> map(String key) {
        Map<String, String> map = new LinkedHashMap<>();
        Section below = freeSection(key);
        for (String name : below.names()) {
            below.optionalText(name).ifPresent(value -> map.put(name, value));
        }
        unusable |= below.unusable;
        return map;
    }

    /** Returns a mapping of whole numbers, such as school codes, to single values. */
    Map<Integer, String> numbered(String key) {
        Map<Integer, String> map = new LinkedHashMap<>();
        this.map(key).forEach((name, value) -> whole(at(key) + "." + name, name)
                .ifPresent(number -> map.put(number, value)));
        return map;
    }

    /** Returns a mapping of names to one of the choices. */
    <T> Map<String, T> chosenMap(String key, Map<String, T> choices) {
        Map<String, T> map = new LinkedHashMap<>();
        this.map(key).forEach((name, value) -> chosen(at(key) + "." + name, value, choices)
                .ifPresent(choice -> map.put(name, choice)));
        return map;
    }

    /**
     * Returns a secret: in the file a reference, in its environment variable the secret itself or a reference.
     *
     * <p>Looked up here, so that a missing one is noticed at the start, and again each time it is asked for.
     */
    Optional<Supplier<String>> secret(String key, Part part) {
        Optional<String> given = reading.environment(Reading.variable(at(key)));
        reading.know(at(key));
        known.add(key);
        if (given.isEmpty()) {
            given = Optional.ofNullable(values.get(key)).flatMap(node -> scalar(at(key), node));
            if (given.isPresent() && !References.isReference(given.get())) {
                wrong(
                        at(key),
                        "must not stand in the file itself; write ${env:NAME} for an environment variable or"
                                + " ${file:PATH} for a file that only this account can read");
                return Optional.empty();
            }
        }
        if (given.isEmpty()) {
            return Optional.empty();
        }
        String reference = given.get();
        if (!reading.needs(part)) {
            return Optional.of(() -> References.quietly(reading, reference)
                    .orElseThrow(() -> new IllegalStateException("The secret " + at(key) + " is not there")));
        }
        Optional<String> value = resolved(at(key), reference);
        return value.map(now -> References.again(reading.folder(), reference, now));
    }

    /** Returns a secret that must be there. */
    Supplier<String> secret(String key, Part part, String hint) {
        return secret(key, part).orElseGet(() -> {
            if (node(key).isEmpty()) {
                wrong(at(key), "is missing; " + hint);
            }
            unusable = true;
            return () -> "";
        });
    }

    /** Returns properties of a client; those that are secrets by their name must be references. */
    Map<String, String> properties(String key, Part part) {
        Section below = freeSection(key);
        Map<String, String> properties = new LinkedHashMap<>();
        for (String name : below.names()) {
            if (SECRET.matcher(name).find()) {
                below.secret(name, part)
                        .filter(secret -> reading.needs(part))
                        .ifPresent(secret -> properties.put(name, secret.get()));
            } else {
                below.optionalText(name).ifPresent(value -> properties.put(name, value));
            }
        }
        unusable |= below.unusable;
        return properties;
    }

    /** Refuses keys that a later version will know: to ignore them would promise what does not happen. */
    void notYet(String... keys) {
        for (String key : keys) {
            if (values.containsKey(key)) {
                reading.problem(at(key), "is not supported yet; leave it out for now");
            }
            known.add(key);
        }
    }

    /** Reports the keys that nothing asked for. */
    void finish() {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                reading.problem(
                        at(key),
                        "is not a key of "
                                + (path.isEmpty() ? "the configuration" : path)
                                + Suggestion.nearest(key, known)
                                        .map(near -> "; did you mean " + near + "?")
                                        .orElse("; there are: " + String.join(", ", known)));
            }
        }
    }

    /** Makes something of the values, unless some of them are missing or wrong. */
    <T> Optional<T> build(Supplier<T> maker) {
        if (unusable) {
            return Optional.empty();
        }
        try {
            return Optional.of(maker.get());
        } catch (IllegalArgumentException e) {
            reading.problem(path, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Reports a problem of a value; nothing can be made of this section then. */
    void wrong(String where, String message) {
        unusable = true;
        reading.problem(where, message);
    }

    private Optional<Node> node(String key) {
        known.add(key);
        reading.know(at(key));
        String variable = Reading.variable(at(key));
        Optional<String> given = reading.environment(variable);
        if (given.isPresent()) {
            try {
                return ConfigurationText.node(given.get());
            } catch (MarkedYAMLException e) {
                wrong(at(key), "the environment variable " + variable + " is not YAML" + ConfigurationText.where(e));
                return Optional.empty();
            }
        }
        return given(key);
    }

    private Optional<Node> given(String key) {
        return Optional.ofNullable(values.get(key))
                .filter(node -> !node.getTag().equals(Tag.NULL));
    }

    private Optional<String> scalar(String where, Node node) {
        if (node instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue());
        }
        wrong(where, "must be a single value");
        return Optional.empty();
    }

    private Optional<String> resolved(String where, String text) {
        Optional<String> value = References.resolve(reading, where, text);
        unusable |= value.isEmpty();
        return value;
    }

    private Optional<Integer> whole(String where, String text) {
        try {
            return Optional.of(Integer.parseInt(text.strip()));
        } catch (NumberFormatException e) {
            wrong(where, "'" + text + "' is not a whole number");
            return Optional.empty();
        }
    }

    private <T> Optional<T> chosen(String where, String text, Map<String, T> choices) {
        Optional<T> choice = Optional.ofNullable(choices.get(text));
        if (choice.isEmpty()) {
            wrong(
                    where,
                    "'" + text + "' is none of: " + String.join(", ", choices.keySet())
                            + Suggestion.nearest(text, choices.keySet())
                                    .map(near -> "; did you mean " + near + "?")
                                    .orElse(""));
        }
        return choice;
    }

    private <T> T value(String key, T otherwise, Function<String, Optional<T>> parser, String complaint) {
        return optionalText(key)
                .map(text -> parser.apply(text.strip()).orElseGet(() -> {
                    wrong(at(key), "'" + text + "' " + complaint);
                    return otherwise;
                }))
                .orElse(otherwise);
    }
}
