package dev.patronstream.cli.config.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.patronstream.cli.command.CapturedTerminal;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes from the declaration of the settings: the table of the reference, the JSON Schema. */
class SettingsTest {

    private static final Path TOP = Path.of("..");
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Schema SCHEMA = REGISTRY.getSchema(JsonSchema.text());

    @TempDir
    Path folder;

    private static List<Error> errors(String yaml) throws IOException {
        JsonNode read = new YAMLMapper().readTree(yaml);
        return SCHEMA.validate(read);
    }

    private static String reference() throws IOException {
        return Files.readString(TOP.resolve("docs/configuration.md"));
    }

    private static String example() throws IOException {
        String from = reference().split("```yaml\n", 2)[1];
        return from.substring(0, from.indexOf("```"));
    }

    @Test
    void theTableOfTheReferenceIsTheDeclaration() throws IOException {
        List<String> rows = Pattern.compile("^\\| `.*$", Pattern.MULTILINE)
                .matcher(reference())
                .results()
                .map(MatchResult::group)
                .toList();
        assertEquals(
                String.join("\n", Settings.ALL.all().stream().map(Setting::row).toList()), String.join("\n", rows));
    }

    @Test
    void theExamplesAndWhatInitWritesFulfillTheSchema() throws IOException {
        assertEquals(List.of(), errors(example()));
        assertEquals(List.of(), errors(Files.readString(TOP.resolve("deploy/patronstream.yaml"))));
        Path presets = TOP.resolve("cli/src/main/resources/dev/patronstream/cli/config/layouts");
        String without = example().replaceFirst("(?s)\\nlayouts:\n.*?\n(?=[a-z])", "\n");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(presets)) {
            for (Path preset : files) {
                assertEquals(List.of(), errors(without + Files.readString(preset)), preset::toString);
            }
        }
        Path file = folder.resolve("patronstream.yaml");
        assertEquals(0, new CapturedTerminal(Map.of()).run("init", file.toString()));
        String written = Files.readString(file);
        assertEquals(List.of(), errors(written));
        assertTrue(written.startsWith("# yaml-language-server: $schema=./patronstream.schema.json\n"), written);
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        assertEquals(0, terminal.run("schema"));
        assertEquals(Files.readString(folder.resolve("patronstream.schema.json")), terminal.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            district: eagle           | distrct: eagle
            port: 1433                | prot: 1433
            port: 1433                | port: many
            port: 1433                | port: 70000
            poll-interval: 100ms      | poll-interval: 100
            mass-delete-above: 10%    | mass-delete-above: 150
            header: true              | header: maybe
            names: record             | names: recorded
            schools: [10, 20]         | schools: {10: yes}
            invalid-email: blank-field | invalid-email: explode
            removed-above: 10%        | removed-over: 10%
            security: starttls        | security: [tls]
            password: ${env:SQLSERVER_PASSWORD} | password: Hunter2
            leavers: {inactive-for: 90d} | leavers: {inactive: 90d}
            zip: true                 | zipped: true
            """)
    void aMisspelledKeyAndAWrongTypeAreRefusedByTheSchema(String right, String wrong) throws IOException {
        assertTrue(example().contains(right), right);
        assertFalse(
                errors(example().replaceFirst(Pattern.quote(right), wrong.replace("$", "\\$")))
                        .isEmpty(),
                wrong);
    }

    /** Fulfilling the schema alone does not say so, since numbers and flags may be quoted. */
    @Test
    void everyDefaultAndExampleIsOfItsOwnType() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(JsonSchema.text());
        List<String> wrong = new ArrayList<>();
        for (String key : List.of("default", "examples")) {
            for (JsonNode setting : schema.findParents(key)) {
                ObjectNode alone = ((ObjectNode) setting).deepCopy();
                alone.set("$defs", schema.get("$defs"));
                Schema own = REGISTRY.getSchema(alone.toString());
                JsonNode given = setting.get(key);
                Iterable<JsonNode> values = key.equals("default") ? List.of(given) : given;
                for (JsonNode value : values) {
                    boolean isTyped = !value.isTextual() || !value.asText().matches("-?[0-9]+|true|false|.+, .+");
                    if (!isTyped || !own.validate(value).isEmpty()) {
                        wrong.add(key + " " + value + " of " + setting.path("description"));
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** JSON Schema recommends Unicode mode, in which a brace outside a quantifier must be escaped. */
    @Test
    void everyPatternOfTheSchemaIsValidInUnicodeMode() throws IOException {
        List<String> patterns = new ObjectMapper().readTree(JsonSchema.text()).findValuesAsText("pattern");
        assertFalse(patterns.isEmpty());
        for (String pattern : patterns) {
            String rest = pattern.replaceAll("\\\\[\\^$.*+?()\\[\\]{}|/]|\\[[^]]*]|\\{[0-9]+(,[0-9]*)?}", "");
            assertTrue(rest.matches("[^{}\\[\\]\\\\]*"), pattern);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port: 1433   | port: "1433"
            header: true | header: "true"
            zip: true    | zip: "true"
            port: 1433   | port: ${env:PORT}
            """)
    void aQuotedScalarAndAReferenceFulfillTheSchema(String plain, String other) throws IOException {
        assertTrue(example().contains(plain), plain);
        assertEquals(List.of(), errors(example().replaceFirst(Pattern.quote(plain), other.replace("$", "\\$"))));
    }

    @Test
    void aKeyThatIsNotDeclaredCannotBeRead() {
        Reading reading = new Reading(ConfigurationText.parse("sites: {10: A}\n"), Map.of(), folder, Set.of());
        Section top =
                Section.top(reading, ConfigurationText.parse("sites: {10: A}\n").root());
        List<Executable> reads = List.of(
                () -> top.optionalText("sites"),
                () -> top.anyText("sites"),
                () -> top.singleText("sites"),
                () -> top.texts("sites"),
                () -> top.schools("sites"),
                () -> top.map("sites"),
                () -> top.section("sites"),
                () -> top.optionalSection("sites"),
                () -> top.secret("sites", Part.DATABASE),
                () -> top.file("sites", Part.DATABASE),
                () -> top.folder("sites", folder),
                () -> top.value("sites", Values.FLAG),
                () -> top.has("sites"));
        for (Executable read : reads) {
            String said = String.valueOf(
                    assertThrows(IllegalStateException.class, read).getMessage());
            assertTrue(said.contains("settings.yaml does not declare sites"), said);
        }
    }
}
