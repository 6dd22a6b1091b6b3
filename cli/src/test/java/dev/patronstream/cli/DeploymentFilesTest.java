package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be said of the files for docker compose where there is no Docker engine. */
class DeploymentFilesTest {

    private static final Path TOP = Path.of("..");
    private static final Pattern PINNED = Pattern.compile("[^:]+:[^:]*[0-9][^:]*|patronstream:local");

    @Test
    void theContainersConfigurationIsOneThatTheCommandTakes(@TempDir Path folder) throws IOException {
        // deploy/prepare writes this file for the container.
        Path knownHosts = Files.writeString(folder.resolve("known_hosts"), "sftp ssh-ed25519 AAAA\n");
        Configuration configuration = ConfigurationReader.read(
                TOP.resolve("deploy/patronstream.yaml"),
                Map.of(
                        "SQLSERVER_PASSWORD",
                        "a",
                        "DESTINY_PASSWORD",
                        "b",
                        "PATRONSTREAM_FEEDS_DESTINY_DESTINATION_SFTP_KNOWN_HOSTS",
                        knownHosts.toString()),
                EnumSet.allOf(Part.class));
        assertEquals("eagle", configuration.district().name());
    }

    /** What messages advise to set counts in the launcher ({@link LauncherTest}), so it must count in the image. */
    @Test
    void theImageStartsWithTheLauncherOfTheDownload() throws IOException {
        List<String> lines = Files.readAllLines(TOP.resolve("Dockerfile"));
        assertTrue(lines.contains("COPY --from=build /program /opt/patronstream"));
        assertTrue(lines.contains("ENTRYPOINT [\"/opt/patronstream/bin/patronstream\"]"));
        assertTrue(lines.stream().anyMatch(line -> line.contains("JAVA_TOOL_OPTIONS=\"-XX:MaxRAMPercentage=")));
    }

    /** What the download is made of must reach the build of the image; secrets and what is built must not. */
    @Test
    void theImageIsBuiltFromEverythingThatTheDownloadHolds() throws IOException {
        List<String> ignored = Files.readAllLines(TOP.resolve(".dockerignore"));
        assertTrue(ignored.containsAll(List.of(".env", "deploy/keys")), ignored.toString());
        for (String needed : List.of("deploy", "docs", "dist", "README.md", "LICENSE", "patronstream")) {
            assertFalse(ignored.contains(needed), needed);
        }
    }

    /** The image gives its user only folders that it makes itself, and a volume's folder is there before. */
    @Test
    void theUploadFolderIsMadeByTheSftpImageAndNotByAVolume() throws IOException {
        JsonNode sftp = new YAMLMapper()
                .readTree(TOP.resolve("docker-compose.yml").toFile())
                .path("services")
                .path("sftp");
        String[] user = sftp.path("environment").path("SFTP_USERS").asText().split(":");
        String uploads = "/home/" + user[0] + "/" + user[user.length - 1];
        for (JsonNode volume : sftp.path("volumes")) {
            assertFalse(volume.asText().split(":")[1].equals(uploads), volume.asText());
        }
        assertEquals("/home/eagle/destiny", uploads);
    }

    @Test
    void everyImageIsPinnedAndEveryPortIsOnTheLoopbackAddress() throws IOException {
        JsonNode services = new YAMLMapper()
                .readTree(TOP.resolve("docker-compose.yml").toFile())
                .path("services");
        assertTrue(services.size() >= 5, "services: " + services.size());
        services.properties().forEach(service -> {
            String image = service.getValue().path("image").asText();
            assertTrue(PINNED.matcher(image).matches(), service.getKey() + " is not pinned: " + image);
            assertFalse(image.endsWith("latest"), image);
            for (JsonNode port : service.getValue().path("ports")) {
                assertTrue(port.asText().startsWith("127.0.0.1:"), service.getKey() + " publishes " + port);
            }
        });
    }
}
