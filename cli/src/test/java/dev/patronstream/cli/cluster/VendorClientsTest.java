package dev.patronstream.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.topic.TopicSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The readers of {@code docs/vendors}, as they are, with the settings that {@code vendor add} prints: the table is the
 * feed, then what changes.
 */
class VendorClientsTest {

    private static final String FEED = "eagle.feed.destiny";
    private static final Path PAGES = Path.of("../docs/vendors").toAbsolutePath();

    @TempDir
    static Path folder;

    private static EmbeddedDistrict district;
    private static KafkaProducer<String, FeedEntry> producer;

    @BeforeAll
    static void start() throws Exception {
        district = new EmbeddedDistrict(folder);
        ClusterClients clients = district.cluster().clients();
        try (Admin admin = Admin.create(clients.kafkaProperties())) {
            admin.createTopics(Stream.of(FEED, "eagle.epochs")
                            .map(TopicSettings.SINGLE_BROKER::forVendors)
                            .toList())
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
        Map<String, Object> writing = clients.kafkaProperties();
        writing.put("transactional.id", "feed");
        // What kafkajs cannot read, if the topic did not say otherwise.
        writing.put("compression.type", "zstd");
        Serializer<FeedEntry> serializer = clients.avro().serializer(FeedEntry.class);
        producer = new KafkaProducer<>(writing, new StringSerializer(), serializer);
        producer.initTransactions();
        write(true, entry(1, "Lee"), entry(2, "Nuñez"), entry(3, "Ng"));
        write(false, entry(4, "Never"), entry(1, "Never"));
        write(true, entry(1, "O'Brien-Łęcki"), new ProducerRecord<>(FEED, "student/2", null));
    }

    @AfterAll
    static void stop() {
        producer.close();
        district.close();
    }

    @Test
    void theOneInJavaKeepsATableEqualToTheFeed() throws Exception {
        Path settings = Files.writeString(folder.resolve("client.properties"), settings("java-app", "java"));
        requireTable(
                10,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PAGES.resolve("Reader.java").toString(),
                settings.toString(),
                FEED);
    }

    @Test
    void theOneInJavaScriptKeepsATableEqualToTheFeed() throws Exception {
        assumeTrue(isDone(folder, "node", "--version"), "Node.js is not on this machine");
        Path home = Files.createDirectories(folder.resolve("node"));
        for (String file : List.of("package.json", "package-lock.json", "reader.js")) {
            Files.copy(PAGES.resolve(file), home.resolve(file));
        }
        assumeTrue(
                isDone(
                        home,
                        "npm",
                        "ci",
                        "--ignore-scripts",
                        "--no-audit",
                        "--no-fund",
                        "--prefer-offline",
                        "--fetch-retries=0",
                        "--fetch-timeout=20000"),
                "npm cannot get kafkajs and avsc");
        Files.writeString(home.resolve("client.js"), settings("node-app", "javascript"));
        requireTable(20, "node", home.resolve("reader.js").toString(), FEED);
    }

    /** The library comes with a part in C, which no Java build can bring: what it reads with is compiled only. */
    @Test
    void theOneInPythonCanBeCompiledWithItsSettings() throws Exception {
        assumeTrue(isDone(folder, "python3", "--version"), "Python is not on this machine");
        Path home = Files.createDirectories(folder.resolve("python"));
        Path settings = Files.writeString(home.resolve("client.py"), settings("python-app", "python"));
        Path reader = Files.copy(PAGES.resolve("reader.py"), home.resolve("reader.py"));
        assertTrue(isDone(home, "python3", "-m", "py_compile", settings.toString(), reader.toString()));
    }

    @Test
    void kcatGetsAFileOfPropertiesOfItsLibrary() {
        String printed = settings("kcat-app", "kcat");
        assertTrue(printed.contains("# kcat -F FILE -C -t " + FEED + " -r http://127.0.0.1:"), printed);
        assertEquals(
                List.of(
                        "bootstrap.servers=" + district.servers(),
                        "security.protocol=SASL_PLAINTEXT",
                        "sasl.mechanism=SCRAM-SHA-256",
                        "isolation.level=read_committed",
                        "sasl.username=kcat-app"),
                printed.lines()
                        .filter(line -> !line.startsWith("#") && !line.matches("sasl.password=[0-9a-f]{48}"))
                        .toList());
    }

    private static String settings(String vendor, String client) {
        return district.command("vendor", "add", vendor, "--feed", "destiny", "--client", client);
    }

    /**
     * Runs a reader, and compares what it prints with the feed, then after a change.
     *
     * @param id of a student whom only this reader's change concerns
     */
    private static void requireTable(int id, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            Map<String, String> names = new TreeMap<>();
            await(lines, names, Map.of("student/1", "O'Brien-Łęcki", "student/2", "", "student/3", "Ng"));
            write(true, entry(id, "Late"));
            await(lines, names, Map.of("student/" + id, "Late"));
            write(true, new ProducerRecord<>(FEED, "student/" + id, null));
            await(lines, names, Map.of("student/" + id, ""));
            assertFalse(names.containsKey("student/4"), names::toString);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Reads on until the table has these last names; an empty one is a key without a row. */
    private static void await(BufferedReader lines, Map<String, String> names, Map<String, String> expected)
            throws Exception {
        CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> {
            try {
                while (!names.entrySet().containsAll(expected.entrySet())) {
                    String line = lines.readLine();
                    if (line == null) {
                        throw new AssertionError("The reader has ended; it had " + names);
                    }
                    // A library may have printed the others.
                    if (line.startsWith("student/")) {
                        String[] parts = line.split(" ", 2);
                        JsonNode row = new ObjectMapper().readTree(parts[1]);
                        names.put(parts[0], row.path("lastName").asText());
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        reading.get(120, TimeUnit.SECONDS);
    }

    @SafeVarargs
    private static void write(boolean committed, ProducerRecord<String, FeedEntry>... records) {
        producer.beginTransaction();
        for (ProducerRecord<String, FeedEntry> record : records) {
            var unused = producer.send(record);
        }
        if (committed) {
            producer.commitTransaction();
        } else {
            producer.flush();
            producer.abortTransaction();
        }
    }

    /** With a value of every kind that the contract has. */
    private static ProducerRecord<String, FeedEntry> entry(int id, String lastName) {
        Affiliation school = Affiliation.newBuilder()
                .setSchoolCode(10)
                .setStatus(PatronStatus.ACTIVE)
                .build();
        return new ProducerRecord<>(
                FEED,
                "student/" + id,
                FeedEntry.newBuilder()
                        .setFeed("destiny")
                        .setKind(PatronKind.STUDENT)
                        .setId(id)
                        .setLastName(lastName)
                        .setBirthDate(LocalDate.of(2012, 2, 29))
                        .setExtra(Map.of("U1", "7"))
                        .setPrimary(school)
                        .setOthers(List.of(school))
                        .setEpoch(7)
                        .setWatermark("00000027:00000758:0005")
                        .build());
    }

    /** Runs a program to its end; returns whether it is there and has done it. */
    private static boolean isDone(Path home, String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .directory(home.toFile())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException none) {
            return false;
        }
    }
}
