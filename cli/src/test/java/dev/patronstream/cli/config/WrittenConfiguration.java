package dev.patronstream.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.config.setting.ConfigurationProblem;
import dev.patronstream.cli.config.setting.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that is written, changed and read. */
abstract class WrittenConfiguration {

    static final String VALID = """
            district: eagle
            sqlserver:
              host: sis.eagle.example
              database: DST26000EAGLE
              user: patronstream
              password: ${env:SQLSERVER_PASSWORD}
            kafka:
              embedded: {directory: ./data/kafka}
            feeds:
              destiny:
                schools: [10, 20]
                sites: {10: EAGLEHS, 20: EAGLEMS}
                schedule: "0 2,12 * * *"
                time-zone: America/Los_Angeles
                destination:
                  sftp:
                    host: sftp.follett.example
                    user: eagle
                    password: ${file:destiny-password}
                    host-key: "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            """;

    /** Returns the valid configuration with a folder as the destination. */
    static String toFolder(String keys) {
        return VALID.substring(0, VALID.indexOf("      sftp:")) + "      folder: {" + keys + "}\n";
    }

    @TempDir
    Path folder;

    final Map<String, String> environment = new HashMap<>(Map.of("SQLSERVER_PASSWORD", "secret-one"));

    @BeforeEach
    void writeSecret() throws IOException {
        Files.writeString(folder.resolve("destiny-password"), "secret-two\n");
    }

    Configuration read(String yaml) {
        return ConfigurationReader.read(write(yaml), environment, EnumSet.allOf(Part.class));
    }

    List<ConfigurationProblem> problems(String yaml) {
        return assertThrows(InvalidConfigurationException.class, () -> read(yaml))
                .problems();
    }

    void assertProblem(String yaml, String where, String what) {
        List<ConfigurationProblem> problems = problems(yaml);
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).toString().contains(where), problems.toString());
        assertTrue(problems.get(0).toString().contains(what), problems.toString());
    }

    Path write(String yaml) {
        Path file = folder.resolve("patronstream.yaml");
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
