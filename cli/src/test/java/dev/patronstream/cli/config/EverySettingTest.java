package dev.patronstream.cli.config;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.cli.config.setting.ConfigurationText;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.config.setting.Reading;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Every setting of the reference with every wrong value of its kind: refused in words that name the setting. */
class EverySettingTest {

    private static final Path REFERENCE = Path.of("..", "docs", "configuration.md");

    /** Stands in every wrong value that could be a secret: no message may show it. */
    private static final String HIDDEN = "Hunter2";

    /** Settings that the example cannot have, since they exclude others of it. */
    private static final Map<String, String> INSTEAD = Map.ofEntries(
            entry("embedded: {directory: ./data/kafka, port: 0}", "bootstrap-servers: broker:9092"),
            entry("registry:\n  embedded: true\n  port: 0", "registry:\n  url: http://registry:8081"),
            entry("password: \"${env:DESTINY_PASSWORD}\"", "key-file: key\n        key-passphrase: ${file:good}"),
            entry("host-key: [\"SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"]", "known-hosts: known"),
            entry(
                    "host-name-in-certificate: sis",
                    "trust-store: trusted\n  trust-store-password: ${file:good}" + "\n  host-name-in-certificate: sis"),
            entry(
                    "  capture: cdc\n  columns: [preferred-names]\n  extra-columns: {STU: [U5], STF: [U1]}",
                    "  capture: {poll: {every: 5m, rows-per-second: 20000, lock-timeout: 10s}}\n"
                            + "  columns: [preferred-names, teachers]\n"
                            + "  extra-columns: {STU: [U5], STF: [U1], LOC: [U2], TCH: [EM]}"),
            entry("port: 8085}", "port: 8085, stale-after: 5m}"),
            entry("  port: 1433\n", "  instance: AERIES\n"),
            entry(
                    "  schema: dbo\n  user: patronstream\n",
                    "  schema: dbo\n  authentication: ntlm\n  domain: EAGLE\n  login: EAGLE\\patronstream\n  user: patronstream\n"),
            entry("except: {STU.U1: [OPTOUT]}", "except: {STU.U1: {file: good}}"),
            entry("headers: keys", "headers: keys\n    file: reading.csv"));

    private static final Map<String, List<String>> WRONG = Map.ofEntries(
            entry(
                    "text",
                    List.of(
                            "''",
                            "' '",
                            "\"\\u00a0\"",
                            "\"a\\u200bb\"",
                            "\"a\\u202eb\"",
                            "\"\\ufeffa\"",
                            "\"a\\eb\"",
                            "\"a\\u2028b\"",
                            "\"a\\0b\"",
                            "{a: b}",
                            "'a${env:GOOD}'",
                            "!env GOOD",
                            "'${env:NOT_THERE}'",
                            "'https://me:" + HIDDEN + "@host/'",
                            "'a;password=" + HIDDEN + "'",
                            "'http://x/?token=" + HIDDEN + "'")),
            entry(
                    "whole",
                    List.of(
                            "-99999",
                            "99999999999",
                            "1_000",
                            "0x10",
                            "1e3",
                            "yes",
                            "10:30",
                            "2026-01-01",
                            "1.5",
                            "\"\uFF11\uFF10\"")),
            entry("duration", List.of("10", "0s", "-5s", "99999999999d", "999999999d", "soon", "1.5h", "10:30")),
            entry("share", List.of("10", "150%", "-1%", "NaN", "1e-1", "ten", "0x1")),
            entry("flag", List.of("maybe", "1", "2026-01-01", "truee")),
            entry("folder", List.of("./good", "./good/below", "./dangling")),
            entry("file", List.of("./folder", "./none", "./dangling", "./loop", "./good/below")),
            entry(
                    "secret",
                    List.of(
                            HIDDEN,
                            "''",
                            "{a: b}",
                            "[" + HIDDEN + "]",
                            "${env:EMPTY}",
                            "${env:NOT_THERE}",
                            "${file:folder}",
                            "${file:none}",
                            "${file:dangling}",
                            "${file:loop}",
                            "${file:empty}",
                            "${file:latin1}",
                            "${file:zero-width}",
                            "${file:nul}",
                            "${file:bidi}",
                            "${file:/dev/zero}",
                            "a${env:GOOD}",
                            "${vault:GOOD}",
                            "\"${file:a\\0b}\"",
                            "${env:ZERO_WIDTH}")));

    /** Where a text may be empty: it then says that nothing is meant. */
    private static final Pattern MAY_BE_EMPTY = Pattern.compile(
            ".*\\.(properties-file|otherwise|map\\..*|genders\\..*|(only|except)\\..*|grades\\..*|maps\\..*|driver\\..*|properties\\..*|columns\\..*)");

    @TempDir
    static Path folder;

    private static String example;
    private static String other;

    @BeforeAll
    static void write() throws IOException {
        String reference = Files.readString(REFERENCE);
        int from = reference.indexOf("```yaml\n") + 8;
        example = reference.substring(from, reference.indexOf("```", from));
        other = example;
        INSTEAD.forEach((one, instead) -> {
            assertEquals(2, (other + " ").split(Pattern.quote(one)).length, one);
            other = other.replace(one, instead);
        });
        Files.createDirectory(folder.resolve("folder"));
        for (String file : List.of("good", "key", "known", "trusted")) {
            Files.writeString(folder.resolve(file), "good");
        }
        Files.writeString(folder.resolve("empty"), "\uFEFF\r\n");
        Files.write(folder.resolve("latin1"), new byte[] {'H', 'u', 'n', 't', 'e', 'r', '2', (byte) 0xE9});
        Files.writeString(folder.resolve("zero-width"), "Hunter2\u200B");
        Files.writeString(folder.resolve("bidi"), "\u202EHunter2");
        Files.writeString(folder.resolve("nul"), "Hunter2\0");
        Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("gone"));
        Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
    }

    @Test
    void theSettingsOfTheTestAreThoseOfTheReference() throws IOException {
        Set<String> tried = new TreeSet<>();
        for (String yaml : List.of(example, other)) {
            assertEquals(Optional.empty(), read(ConfigurationText.parse(yaml), Map.of()));
            Map<String, Setting> all = settings(ConfigurationText.parse(yaml));
            all.putAll(sections(ConfigurationText.parse(yaml)));
            all.forEach((path, setting) -> {
                for (String each = path;
                        !each.isEmpty();
                        each = each.substring(0, Math.max(0, each.lastIndexOf('.')))) {
                    tried.add(each.replaceFirst("^feeds\\.[^.]+", "feeds.<feed>")
                            .replaceFirst("^layouts\\.[^.]+", "layouts.<layout>")
                            .replaceFirst("^(feeds\\.<feed>\\.)(only|except)\\.([A-Z]+\\.)?[^.]+", "$1only.<field>")
                            .replaceFirst("^(layouts\\.<layout>\\.files)\\.[^.]+", "$1.<file>")
                            .replaceFirst("^(layouts\\.<layout>\\.columns)\\.[^.]+", "$1.<column>"));
                }
            });
        }
        // Rules have one kind of value, and three of them are in the example.
        Set<String> missing = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(REFERENCE))
                .results()
                .map(row -> row.group(1))
                .filter(key -> !key.contains(".rules.") && !tried.contains(key))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), missing);
    }

    /** All settings are wrong at once, since all must be named at once; one that is not gets another reading alone. */
    @Test
    void everyWrongValueOfEverySettingIsRefusedWithThePlaceAndWithoutASecret() {
        List<String> faults = new ArrayList<>();
        for (String yaml : List.of(example, other)) {
            ConfigurationText text = ConfigurationText.parse(yaml);
            Map<String, Setting> settings = settings(text);
            Map<String, List<String>> wrong = new HashMap<>();
            settings.forEach((path, setting) -> wrong.put(path, wrong(path, setting.value())));
            int most = wrong.values().stream().mapToInt(List::size).max().orElseThrow();
            for (int each = 0; each < most; each++) {
                Map<Setting, Node> right = new HashMap<>();
                Map<String, String> values = new HashMap<>();
                for (Map.Entry<String, Setting> setting : settings.entrySet()) {
                    List<String> of = wrong.get(setting.getKey());
                    if (of.size() > each) {
                        values.put(setting.getKey(), of.get(each));
                        right.put(setting.getValue(), setting.getValue().put(node(of.get(each))));
                    }
                }
                Optional<Throwable> all = read(text, Map.of());
                right.forEach(Setting::put);
                values.forEach((path, value) -> {
                    List<String> fault = new ArrayList<>();
                    judge(path, value, all, fault);
                    if (!fault.isEmpty()) {
                        settings.get(path).with(node(value), () -> judge(path, value, read(text, Map.of()), faults));
                    }
                });
            }
        }
        assertEquals("", String.join("\n", faults), faults.size() + " faults");
    }

    @Test
    void aVariableThatIsSetToNothingIsRefused() {
        List<String> faults = new ArrayList<>();
        for (String yaml : List.of(example, other)) {
            ConfigurationText text = ConfigurationText.parse(yaml);
            Set<String> paths = settings(text).keySet();
            for (String nothing : List.of("", " ", "\u200B", "\uFEFF\n")) {
                Map<String, String> variables = new HashMap<>();
                paths.forEach(path -> variables.put(Reading.variable(path), nothing));
                Optional<Throwable> all = read(text, variables);
                String said = all.map(Throwable::getMessage).orElse("");
                paths.stream()
                        .filter(path -> !said.contains(
                                "The environment variable " + Reading.variable(path) + " stands for no key"))
                        .forEach(path -> judge(path, Reading.variable(path) + "=" + nothing, all, faults));
            }
        }
        assertEquals("", String.join("\n", faults));
    }

    /** Sections, too: a key with nothing behind it, a value or a list in its place. */
    @Test
    void aSectionWithoutAnythingInItOrWithSomethingElseIsRefused() {
        List<String> faults = new ArrayList<>();
        ConfigurationText text = ConfigurationText.parse(example);
        sections(text).forEach((path, setting) -> {
            for (String value : List.of("~", "", "''", "x", "[x]", "{1: ~}", "{? [a] : b}", "{<<: {a: b}}")) {
                if (!(path.endsWith("leavers")
                        || path.matches(".*\\.(columns|only|except)\\..*")
                        || path.endsWith(".columns"))) {
                    setting.with(node(value), () -> judge(path, value, read(text, Map.of()), faults));
                }
            }
        });
        assertEquals("", String.join("\n", faults));
    }

    private static List<String> wrong(String path, Node right) {
        Stream<String> all = Stream.of("~", "");
        String value = right instanceof ScalarNode scalar ? scalar.getValue() : "";
        String kind = kind(path, value);
        List<String> texts = WRONG.get("text").stream()
                .filter(text -> !(MAY_BE_EMPTY.matcher(path).matches() && text.matches("'\\s*'")))
                .toList();
        if (right instanceof SequenceNode sequence) {
            Node first = sequence.getValue().get(0);
            String item = ((ScalarNode) first).getValue();
            return Stream.concat(
                            all,
                            Stream.concat(
                                    texts.stream(),
                                    WRONG.get(kind(path, item)).stream()
                                            .filter(wrong -> !WRONG.get("text").contains(wrong))))
                    .map(text -> "[" + (text.isEmpty() ? "~" : text) + "]")
                    .distinct()
                    .toList();
        }
        if (kind.equals("secret")) {
            return Stream.concat(all, WRONG.get(kind).stream()).toList();
        }
        return Stream.concat(
                        Stream.concat(all, Stream.concat(texts.stream(), Stream.of("[a, b]"))),
                        kind.equals("text") ? Stream.of() : WRONG.get(kind).stream())
                .filter(wrong -> !(path.endsWith("added-above") && wrong.equals("150%")))
                .filter(wrong -> !(path.endsWith("retry-within") && wrong.equals("0s")))
                .toList();
    }

    private static String kind(String path, String value) {
        if (value.startsWith("${") && !path.endsWith("district")) {
            return "secret";
        }
        if (path.matches(
                ".*(sites|grades|genders|maps\\.\\w+|map|columns)\\.[^.]+|.*(homeroom.source|layout|encoding.*)")) {
            return "text";
        }
        if (path.matches("directory|kafka.embedded.directory|streams.state|deliveries.archive")) {
            return "folder";
        }
        if (path.matches(".*(key-file|known-hosts|trust-store|except\\..*\\.file)")) {
            return "file";
        }
        return value.matches("\\d+(ms|[smhd])")
                ? "duration"
                : value.matches("\\d+%")
                        ? "share"
                        : value.matches("true|false") && !path.endsWith("encrypt")
                                ? "flag"
                                : value.matches("-?\\d+") ? "whole" : "text";
    }

    private static void judge(String path, String value, Optional<Throwable> failure, List<String> faults) {
        String said = failure.map(Throwable::getMessage).orElse("");
        if (failure.isEmpty()) {
            faults.add(path + ": " + value + " is accepted");
        } else if (!(failure.get() instanceof InvalidConfigurationException refused)) {
            faults.add(path + ": " + value + " ends in " + failure.get());
        } else if (said.contains(HIDDEN)) {
            faults.add(path + ": " + value + " is shown: " + said);
        } else if (said.contains("Exception")
                || said.contains("unexpected")
                || refused.problems().stream()
                        .noneMatch(problem -> problem.path().startsWith(path)
                                && problem.line().isPresent()
                                && problem.message().length() > 10)) {
            faults.add(path + ": " + value + " is not named: " + refused.problems());
        }
    }

    private static Optional<Throwable> read(ConfigurationText text, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "SQLSERVER_PASSWORD", "one",
                "DESTINY_PASSWORD", "two",
                "NOTICE_WEBHOOK", "https://hooks.example/three",
                "SMTP_PASSWORD", "four",
                "GOOD", "5",
                "EMPTY", "",
                "ZERO_WIDTH", "Hunter2\u200B"));
        environment.putAll(more);
        try {
            ConfigurationReader.of(folder.resolve("patronstream.yaml"), text, environment, EnumSet.allOf(Part.class))
                    .configuration();
            return Optional.empty();
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.of(e);
        }
    }

    private static Node node(String value) {
        return ((MappingNode) new Yaml().compose(new StringReader("a: " + value)))
                .getValue()
                .get(0)
                .getValueNode();
    }

    /** A value at its place in the tree. */
    private record Setting(List<NodeTuple> siblings, int at) {
        Node value() {
            return siblings.get(at).getValueNode();
        }

        Node put(Node other) {
            return siblings.set(at, new NodeTuple(siblings.get(at).getKeyNode(), other))
                    .getValueNode();
        }

        void with(Node other, Runnable then) {
            Node right = put(other);
            then.run();
            put(right);
        }
    }

    private static Map<String, Setting> settings(ConfigurationText text) {
        Map<String, Setting> settings = new HashMap<>();
        walk("", text.root().orElseThrow(), settings, new HashMap<>());
        return new java.util.TreeMap<>(settings);
    }

    private static Map<String, Setting> sections(ConfigurationText text) {
        Map<String, Setting> sections = new HashMap<>();
        walk("", text.root().orElseThrow(), new HashMap<>(), sections);
        return new java.util.TreeMap<>(sections);
    }

    private static void walk(String path, Node node, Map<String, Setting> settings, Map<String, Setting> sections) {
        List<NodeTuple> tuples = node instanceof MappingNode mapping ? mapping.getValue() : Collections.emptyList();
        for (int i = 0; i < tuples.size(); i++) {
            String at = (path.isEmpty() ? "" : path + ".") + ConfigurationText.key(tuples.get(i));
            Node value = tuples.get(i).getValueNode();
            (value instanceof MappingNode ? sections : settings).put(at, new Setting(tuples, i));
            walk(at, value, settings, sections);
        }
    }
}
