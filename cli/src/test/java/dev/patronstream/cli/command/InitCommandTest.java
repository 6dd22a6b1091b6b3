package dev.patronstream.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.JsonSchema;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {

    @TempDir
    Path folder;

    private final CapturedTerminal terminal = new CapturedTerminal(Map.of());
    private Path file;
    private Path schema;

    @BeforeEach
    void name() {
        file = folder.resolve("eagle.yaml");
        schema = folder.resolve("patronstream.schema.json");
    }

    private int init() {
        return terminal.run("init", file.toString());
    }

    @Test
    void bothFilesAreNamedAndAnEarlierSchemaIsBroughtUpToDate() throws IOException {
        Files.writeString(schema, "{}");

        assertEquals(0, init());
        assertTrue(terminal.out().startsWith("Wrote " + file + " and " + schema + ". "), terminal.out());
        assertEquals(JsonSchema.text(), Files.readString(schema));
        assertTrue(Files.readString(file).contains("host-key: \"" + HostKeys.Pinned.PLACEHOLDER + "\""));
    }

    @Test
    void pollingCanBeAskedForAtOnce() throws IOException {
        assertEquals(0, terminal.run("init", "--poll", file.toString()));
        Map<String, String> environment = Map.of("SQLSERVER_PASSWORD", "x", "DESTINY_PASSWORD", "y");
        assertTrue(ConfigurationReader.read(file, environment, EnumSet.of(Part.DATABASE))
                .capture()
                .polling()
                .isPresent());
    }

    @Test
    void theSchemaIsNotWrittenThroughASymbolicLink() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "precious");
        Files.createSymbolicLink(schema, other);

        assertNotEquals(0, init());
        assertEquals("precious", Files.readString(other));
        assertTrue(Files.exists(file));
        assertTrue(terminal.error().contains(schema + " cannot be written: it is a symbolic link"), terminal.error());
    }

    @Test
    void aSchemaThatCannotBeWrittenIsNamed() throws IOException {
        Files.createDirectory(schema);

        assertNotEquals(0, init());
        assertTrue(
                terminal.error().contains("Wrote " + file + ", but " + schema + " cannot be written"),
                terminal.error());
    }

    @Test
    void anExistingConfigurationIsLeftAsItIsAndGetsNoSchema() throws IOException {
        Files.writeString(file, "district: eagle");

        assertNotEquals(0, init());
        assertEquals("district: eagle", Files.readString(file));
        assertTrue(Files.notExists(schema));
    }
}
