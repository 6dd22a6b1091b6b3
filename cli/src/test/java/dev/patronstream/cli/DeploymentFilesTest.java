package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.InvalidConfigurationException;
import dev.patronstream.cli.config.setting.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What can be said of the files for docker compose and Kubernetes where there is neither. */
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

    /** By Kubernetes' own types, which refuse fields that they do not have and want those that they need. */
    @Test
    void kubernetesTakesEveryManifest() throws Exception {
        Set<String> kinds = new TreeSet<>();
        for (JsonNode item : manifests()) {
            String kind = item.path("kind").asText();
            kinds.add(kind);
            Class.forName("io.kubernetes.client.openapi.models.V1" + kind)
                    .getMethod("validateJsonElement", JsonElement.class)
                    .invoke(null, JsonParser.parseString(item.toString()));
        }
        assertEquals(Set.of("ConfigMap", "Deployment", "PersistentVolumeClaim", "Service", "StatefulSet"), kinds);
    }

    /** Each pod reads the configuration with the secrets that it has, and no other pod has them. */
    @Test
    void everyPodHasTheSecretsThatItsStageNeeds(@TempDir Path folder) throws IOException {
        JsonNode data = manifests().path(0).path("data");
        Path file = folder.resolve("patronstream.yaml");
        Path knownHosts = Files.writeString(
                folder.resolve("known_hosts"), data.path("known_hosts").asText());
        Files.writeString(
                file,
                data.path("patronstream.yaml")
                        .asText()
                        .replace("/etc/patronstream/known_hosts", knownHosts.toString()));
        Map<String, Set<Part>> readable = new TreeMap<>();
        for (JsonNode item : manifests()) {
            JsonNode container = item.at("/spec/template/spec/containers/0");
            if (container.isMissingNode()) {
                continue;
            }
            List<String> arguments = new ArrayList<>();
            container.path("args").forEach(argument -> arguments.add(argument.asText()));
            assertEquals(List.of("run", "--only"), arguments.subList(0, 2));
            Map<String, String> environment = new TreeMap<>();
            container
                    .path("env")
                    .forEach(variable -> environment.put(variable.path("name").asText(), "a secret"));
            Set<Part> parts = EnumSet.noneOf(Part.class);
            for (Part part : Part.values()) {
                try {
                    ConfigurationReader.read(file, environment, EnumSet.of(part));
                    parts.add(part);
                } catch (InvalidConfigurationException lacksTheSecret) {
                    assertTrue(lacksTheSecret.getMessage().contains("PASSWORD"), lacksTheSecret.getMessage());
                }
            }
            readable.put(arguments.get(2), parts);
        }
        assertEquals(
                Map.of(
                        "connector", EnumSet.of(Part.KAFKA, Part.DATABASE),
                        "streams-app", EnumSet.of(Part.KAFKA),
                        "snapshotter", EnumSet.of(Part.KAFKA, Part.DELIVERY)),
                readable);
    }

    /** As kubectl reads them, with what is written once and used again. */
    private static JsonNode manifests() throws IOException {
        Map<String, Object> list = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Files.readString(TOP.resolve("deploy/kubernetes/patronstream.yaml")));
        return new YAMLMapper().valueToTree(list.get("items"));
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
