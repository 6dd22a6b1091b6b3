package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.cli.PatronstreamProcess;
import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three vendors of one {@code run}, as the guide in {@code docs/vendors.md} has them: Destiny by SFTP on a schedule, a
 * reading app in a layout of its own on another server when something changes, and a third that reads the topic with
 * nothing of ours.
 */
class TwoVendorsTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void aChangeInAeriesReachesEachOfThemInItsOwnWay() throws Exception {
        Path reading = Files.createDirectories(folder.resolve("reading"));
        try (SftpServer other = SftpServer.start(SftpSettings.of(
                        folder.resolve("other-host-key"), SftpUser.withPassword("reader", reading, "another")));
                PatronstreamProcess sandbox = PatronstreamProcess.sandbox(folder, 200)) {
            Path configuration = configuration(other);
            try (PatronstreamProcess run =
                            PatronstreamProcess.start(folder, "run", "--config", configuration.toString());
                    Library library =
                            new Library(value(configuration, "bootstrap-servers"), value(configuration, "url"))) {
                run.awaitText("Running; Ctrl-C stops");
                Path destiny = folder.resolve("sandbox/sftp/patrons.csv");
                Path students = reading.resolve("students.txt");
                await(run, () -> Files.exists(students));
                assertEquals(List.of("students.txt"), names(reading));
                assertTrue(Files.readString(students).startsWith("sis_id\tName\n"), Files.readString(students));

                int id = Integer.parseInt(Files.readAllLines(students).get(1).split("\t", 2)[0]);
                rename(sandbox, id, "Núñez-O'Brien");
                await(run, () -> Files.readString(students).contains("%09d\tNúñez-O'Brien, ".formatted(id)));
                await(run, () -> library.lastName("student/" + id).equals(Optional.of("Núñez-O'Brien")));
                await(
                        run,
                        () -> Files.exists(destiny)
                                && Files.readString(destiny).contains("," + id + "," + id + ",Núñez-O'Brien,"));
                assertTrue(names(destiny.getParent()).contains("patronimport.properties"));
            }
        }
    }

    /** What the sandbox has written, with a schedule, the second vendor, and any port for the status page. */
    private Path configuration(SftpServer other) throws IOException {
        Path secret = Files.writeString(folder.resolve("reading-password"), "another");
        String written = Files.readString(folder.resolve("sandbox/patronstream.yaml"));
        Path file = folder.resolve("sandbox/two-vendors.yaml");
        Files.writeString(
                file,
                written.replace("port: 8085", "port: 0")
                                .replace("    layout: destiny\n", "    layout: destiny\n    schedule: \"* * * * *\"\n")
                        + """
                          reading:
                            schools: [10, 20]
                            patrons: [students]
                            layout: reading-app
                            on-change: {at-most-every: 1s}
                            first: send
                            hold-when: {added-above: off, removed-above: off, per-site-removed-above: off, max-age: off}
                            destination:
                              sftp:
                                host: 127.0.0.1
                                port: %d
                                user: reader
                                password: ${file:%s}
                                host-key: "%s"
                                file: students.txt
                        layouts:
                          reading-app:
                            columns:
                              Student ID: {template: "{id:%%09d}", key: sis_id, required: true, unique: true}
                              Name: "{lastName}, {firstName}"
                            headers: keys
                            line-end: lf
                            delimiter: tab
                        """.formatted(other.port(), secret, other.hostKeyFingerprint()));
        return file;
    }

    private static String value(Path configuration, String key) throws IOException {
        Matcher found = Pattern.compile("\\b" + key + ": (\\S+)").matcher(Files.readString(configuration));
        assertTrue(found.find(), key);
        return found.group(1);
    }

    private void rename(PatronstreamProcess sandbox, int id, String name) throws Exception {
        Matcher url = Pattern.compile("jdbc:sqlserver://\\S+").matcher(sandbox.printed());
        assertTrue(url.find(), sandbox.printed());
        String password = Files.readString(folder.resolve("sandbox/secrets/sqlserver-password"))
                .strip();
        try (Connection connection = DriverManager.getConnection(url.group(), "sa", password);
                PreparedStatement statement = connection.prepareStatement("UPDATE dbo.STU SET LN = ? WHERE ID = ?")) {
            statement.setString(1, name);
            statement.setInt(2, id);
            assertTrue(statement.executeUpdate() > 0);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** A vendor's own table, kept by a plain consumer, Avro, and the registry's public address. */
    private static final class Library implements AutoCloseable {

        private final KafkaConsumer<String, byte[]> consumer;
        private final String registry;
        private final Map<Integer, Schema> schemas = new TreeMap<>();
        private final Map<String, GenericRecord> table = new TreeMap<>();

        Library(String bootstrapServers, String registry) {
            this.registry = registry;
            consumer = new KafkaConsumer<>(
                    Map.of(
                            "bootstrap.servers",
                            bootstrapServers,
                            "group.id",
                            "our-library",
                            "isolation.level",
                            "read_committed",
                            "auto.offset.reset",
                            "earliest",
                            "metadata.max.age.ms",
                            1000),
                    new StringDeserializer(),
                    new ByteArrayDeserializer());
            consumer.subscribe(List.of("eagle.feed.reading"));
        }

        Optional<String> lastName(String key) throws IOException, InterruptedException {
            for (var entry : consumer.poll(Duration.ofMillis(500))) {
                if (entry.value() == null) {
                    table.remove(entry.key());
                } else {
                    table.put(entry.key(), decode(entry.value()));
                }
            }
            return Optional.ofNullable(table.get(key)).map(row -> String.valueOf(row.get("lastName")));
        }

        private GenericRecord decode(byte[] value) throws IOException, InterruptedException {
            ByteBuffer bytes = ByteBuffer.wrap(value);
            assertEquals(0, bytes.get());
            int id = bytes.getInt();
            if (!schemas.containsKey(id)) {
                HttpResponse<String> answer = HTTP.send(
                        HttpRequest.newBuilder(URI.create(registry + "/schemas/ids/" + id))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                schemas.put(
                        id,
                        new Schema.Parser()
                                .parse(JSON.readTree(answer.body())
                                        .path("schema")
                                        .asText()));
            }
            return new GenericDatumReader<GenericRecord>(schemas.get(id))
                    .read(null, DecoderFactory.get().binaryDecoder(value, bytes.position(), bytes.remaining(), null));
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(PatronstreamProcess run, Condition condition) throws Exception {
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < latest, "not within three minutes: " + run.printed());
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
