package dev.patronstream.cli.config.setting;

import dev.patronstream.schemas.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
public final class Section {

    /** Stands for no declared place: keys below a map are of the people who write them. */
    static final String FREE = "<free>";

    private final Reading reading;
    private final String path;
    private final String declared;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();
    private final Scalars scalars;
    private boolean unusable;

    private Section(Reading reading, String path, String declared, @Nullable Node node) {
        this.reading = reading;
        this.path = path;
        this.declared = declared;
        this.scalars = new Scalars(reading, this::wrong);
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(this::keep);
        } else if (node != null) {
            wrong(path, "must be a section with keys of its own, not a single value or a list");
        }
    }

    private void keep(NodeTuple tuple) {
        String key = ConfigurationText.key(tuple);
        if (!(tuple.getKeyNode() instanceof ScalarNode)) {
            wrong(at(key), "a list or a section stands where a key must stand; write a single word before the colon");
        } else if (key.equals("<<")) {
            wrong(at(key), "sections cannot be merged; write the keys themselves");
        }
        Values.complaint(key, false)
                .ifPresent(complaint -> wrong(at(ClientProperties.shown(key)), "the key " + complaint));
        if (values.put(key, tuple.getValueNode()) != null) {
            reading.problem(at(key), "is given twice; keep one of them");
        }
        if (tuple.getValueNode().getTag().equals(Tag.NULL)) {
            wrong(at(ClientProperties.shown(key)), Scalars.EMPTY);
        }
    }

    public static Section top(Reading reading, Optional<Node> root) {
        return new Section(reading, "", "", root.orElse(null));
    }

    public String path() {
        return path;
    }

    public String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** Returns the keys of this section as they stand in the file, for sections whose keys are names. */
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /** Returns a section below; empty of values when it is not there. */
    public Section section(String key) {
        String below = declared.equals(FREE) ? FREE : setting(key).section();
        return new Section(reading, at(key), below, node(key).orElse(null));
    }

    /** Returns a section below, if it is there. */
    public Optional<Section> optionalSection(String key) {
        boolean there = node(key).isPresent() || reading.hasVariablesBelow(at(key));
        return there ? Optional.of(section(key)) : Optional.empty();
    }

    /** Whether the key has a value, from the file or the environment. */
    public boolean has(String key) {
        know(key);
        return reading.setting(at(key)).isPresent() || given(key).isPresent() || reading.hasVariablesBelow(at(key));
    }

    /** Notes that a key is read; reading one that is not declared is an error of the program. */
    private void know(String key) {
        if (!declared.equals(FREE)) {
            setting(key);
        }
        known.add(key);
    }

    private Setting setting(String key) {
        return Settings.ALL
                .find(declared, key)
                .orElseThrow(() -> new IllegalStateException("settings.yaml does not declare " + at(key)));
    }

    /** Returns a text that must be there or has a default. */
    public String text(String key) {
        return optionalText(key).or(() -> setting(key).usual()).orElseGet(() -> missing(key));
    }

    private String missing(String key) {
        if (node(key).isEmpty() && !values.containsKey(key)) {
            wrong(at(key), "is missing; " + setting(key).required().orElse("write it"));
        }
        return "";
    }

    /** Returns a text that says something, if there is one. */
    public Optional<String> optionalText(String key) {
        return anyText(key).filter(text -> scalars.isSaid(at(key), text));
    }

    /** Returns a text that may say that nothing is meant: {@code ""}. */
    public Optional<String> anyText(String key) {
        return node(key).flatMap(node -> scalars.plain(at(key), node, false));
    }

    /** Returns the name or the address of a server, or several with commas, without anything that belongs elsewhere. */
    public Optional<String> optionalAddress(String key) {
        return optionalText(key).filter(text -> {
            boolean alone = Values.isAddress(text);
            if (!alone) {
                // Not shown: what does not belong there is a password most of the time.
                wrong(
                        at(key),
                        "must be the name or address of a server alone, without ://, user, password, path or blanks;"
                                + " they have keys of their own");
            }
            return alone;
        });
    }

    public String address(String key) {
        return optionalAddress(key).or(() -> setting(key).usual()).orElseGet(() -> missing(key));
    }

    /** Returns a text where the key has one, and nothing where it has a section of its own. */
    public Optional<String> singleText(String key) {
        return node(key).filter(ScalarNode.class::isInstance).flatMap(node -> anyText(key));
    }

    /** Returns a whole number within the bounds that are declared. */
    public int integer(String key) {
        return orUsual(key, setting(key).whole());
    }

    public Optional<Integer> optionalInteger(String key) {
        return value(key, setting(key).whole());
    }

    public boolean flag(String key) {
        return orUsual(key, Values.FLAG);
    }

    public Duration duration(String key) {
        return orUsual(key, Values.TIME);
    }

    public double share(String key) {
        return orUsual(key, Values.PART);
    }

    public Optional<Double> shareOrOff(String key) {
        return valueOrOff(key, Values.SHARE);
    }

    public Optional<Duration> durationOrOff(String key) {
        return valueOrOff(key, Values.TIME);
    }

    private <T> Optional<T> valueOrOff(String key, Kind<T> kind) {
        String text = optionalText(key).or(() -> setting(key).usual()).orElse("off");
        return text.strip().equals("off") ? Optional.empty() : scalars.parsed(at(key), text, kind);
    }

    /** Returns what the one of the declared values means that a key has; its default where it is not given. */
    public <T> T choice(String key, Function<String, T> meaning) {
        return orUsual(key, setting(key).choice(meaning));
    }

    /** Returns the one of the declared values that a key has, if it is given. */
    public Optional<String> optionalChoice(String key) {
        return value(key, setting(key).choice(Function.identity()));
    }

    /** Returns the value of a key, or the default that is declared for it. */
    public <T> T orUsual(String key, Kind<T> kind) {
        return value(key, kind)
                .or(() -> setting(key).usual().flatMap(kind.parser()))
                .orElseThrow(() -> new IllegalStateException("settings.yaml declares no default of " + at(key)));
    }

    /** Returns a folder that is there or can be made; relative ones start from the configuration's folder. */
    public Path folder(String key, Path otherwise) {
        Path folder = path(key).orElse(otherwise);
        TextFile.problemOfFolder(folder).ifPresent(problem -> wrong(at(key), "the folder " + folder + " " + problem));
        return folder;
    }

    /** Returns a file that can be read, if the part that reads it is needed. */
    public Optional<Path> file(String key, Part part) {
        Optional<Path> file = path(key);
        if (reading.needs(part)) {
            file.flatMap(there -> TextFile.problem(there).map(problem -> "the file " + there + " " + problem))
                    .ifPresent(problem -> wrong(at(key), problem));
        }
        return file;
    }

    /** Returns a file that is a secret as a whole. */
    public Optional<Path> secretFile(String key, Part part) {
        Optional<Path> file = file(key, part);
        file.ifPresent(reading::secretFile);
        return file;
    }

    /** Returns a path that must be there, though nothing needs to be at it; relative ones as those of folders. */
    public Path requiredPath(String key) {
        return path(key).orElseGet(() -> Path.of(missing(key)));
    }

    private Optional<Path> path(String key) {
        return optionalText(key).flatMap(text -> scalars.path(at(key), text));
    }

    /** Returns a list, without blanks around its values; a single value is a list of one. */
    public List<String> texts(String key) {
        return anyTexts(key).stream()
                .filter(text -> scalars.isSaid(at(key), text))
                .toList();
    }

    /** Returns a list whose values may say that nothing is meant: {@code ""}. */
    public List<String> anyTexts(String key) {
        List<String> texts = new ArrayList<>();
        node(key).ifPresent(node -> (node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node))
                .forEach(item ->
                        scalars.plain(at(key), item, false).map(Text::strip).ifPresent(texts::add)));
        return texts;
    }

    public boolean isSection(String key) {
        return node(key).filter(MappingNode.class::isInstance).isPresent();
    }

    public List<Integer> schools(String key) {
        List<Integer> schools = new ArrayList<>();
        texts(key).forEach(text -> scalars.parsed(at(key), text, Values.SCHOOL).ifPresent(school -> {
            if (schools.contains(school)) {
                wrong(at(key), "has school " + school + " twice; keep one of them");
            }
            schools.add(school);
        }));
        return schools;
    }

    /** Returns what those of the declared values mean that a key lists; its default where it is not given. */
    public <T> Set<T> choices(String key, Function<String, T> meaning) {
        Kind<T> kind = setting(key).choice(meaning);
        List<String> texts = node(key).isPresent() ? texts(key) : setting(key).usualList();
        return texts.stream()
                .flatMap(text -> scalars.parsed(at(key), text, kind).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns a mapping of names that people choose, without blanks around them, to single values. */
    public Map<String, String> map(String key) {
        return keyed(key, Values.NAME);
    }

    /** Returns a mapping of keys of a kind to single values; 010 is 10, and cannot stand beside it. */
    public <K> Map<K, String> keyed(String key, Kind<K> kind) {
        return keyed(key, kind, (where, text) -> Optional.of(text));
    }

    /** Returns a mapping of names to what the declared values mean. */
    public <T> Map<String, T> chosenMap(String key, Function<String, T> meaning) {
        return chosenMap(key, setting(key).choice(meaning));
    }

    public <T> Map<String, T> chosenMap(String key, Kind<T> kind) {
        return keyed(key, Values.NAME, (where, text) -> scalars.parsed(where, text, kind));
    }

    private <K, V> Map<K, V> keyed(String key, Kind<K> keys, BiFunction<String, String, Optional<V>> values) {
        Map<K, V> map = new LinkedHashMap<>();
        Section below = section(key);
        for (String name : below.names()) {
            String where = below.at(name);
            below.anyText(name).flatMap(text -> values.apply(where, text)).ifPresent(value -> scalars.parsed(
                            where, name, keys)
                    .filter(meant -> !value.equals(Objects.requireNonNullElse(map.put(meant, value), value)))
                    .ifPresent(
                            meant -> wrong(where, "means '" + meant + "', which is given already; keep one of them")));
        }
        unusable |= below.unusable;
        return map;
    }

    /** Returns a secret: in the file a reference, in its environment variable the secret itself or a reference. */
    public Optional<Supplier<String>> secret(String key, Part part) {
        know(key);
        Optional<String> variable = reading.setting(at(key));
        return variable.or(() -> given(key).flatMap(node -> scalars.written(at(key), node)))
                .flatMap(text -> scalars.secret(at(key), text, variable.isEmpty(), part));
    }

    public Supplier<String> requiredSecret(String key, Part part) {
        return secret(key, part).orElseGet(() -> {
            unusable = true;
            String nothing = missing(key);
            return () -> nothing;
        });
    }

    /** Returns properties of a client, which knows those of {@code clients}. */
    public Map<String, String> properties(String key, Part part, Supplier<Set<String>> clients) {
        Section below = section(key);
        Map<String, String> properties = new ClientProperties(below, part, reading.needs(part), clients).read();
        unusable |= below.unusable;
        return properties;
    }

    Optional<String> clientText(String key) {
        return node(key).flatMap(node -> scalars.plain(at(key), node, true));
    }

    public void finish() {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                reading.problem(
                        at(ClientProperties.shown(key)),
                        "is not a key of " + (path.isEmpty() ? "the configuration" : path)
                                + Suggestion.words(key, known));
            }
        }
    }

    /** Makes something of the values, unless some of them are missing or wrong. */
    public <T> Optional<T> build(Supplier<T> maker) {
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
    public void wrong(String where, String message) {
        unusable = true;
        reading.problem(where, message);
    }

    private Optional<Node> node(String key) {
        know(key);
        Optional<String> variable = reading.setting(at(key));
        return variable.isEmpty() ? given(key) : scalars.tree(at(key), variable.get());
    }

    private Optional<Node> given(String key) {
        return Optional.ofNullable(values.get(key))
                .filter(node -> !node.getTag().equals(Tag.NULL));
    }

    /** Returns a value of a kind, if there is one. */
    public <T> Optional<T> value(String key, Kind<T> kind) {
        return optionalText(key).flatMap(text -> scalars.parsed(at(key), text, kind));
    }
}
