package dev.patronstream.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.serde.RegistryClient;
import dev.patronstream.schemas.serde.RegistryException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker and the registry in the process: who is let in, and what others can read of their files. */
class EmbeddedClusterTest {

    @TempDir
    static Path folder;

    private static EmbeddedDistrict district;

    @BeforeAll
    static void start() throws IOException {
        district = new EmbeddedDistrict(folder);
    }

    @AfterAll
    static void stop() {
        district.close();
    }

    @Test
    void whoHasNoAccountIsNotLetIn() {
        Map<String, Object> stranger = Map.of(
                "bootstrap.servers", district.servers(), "default.api.timeout.ms", 3000, "request.timeout.ms", 2000);
        try (Admin admin = Admin.create(stranger)) {
            assertThrows(
                    ExecutionException.class, () -> admin.listTopics().names().get(60, TimeUnit.SECONDS));
        }
        Map<String, Object> guessing = Map.of(
                "bootstrap.servers",
                district.servers(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"patronstream\""
                        + " password=\"patronstream\";");
        try (Admin admin = Admin.create(guessing)) {
            ExecutionException refused = assertThrows(
                    ExecutionException.class, () -> admin.listTopics().names().get(60, TimeUnit.SECONDS));
            assertInstanceOf(SaslAuthenticationException.class, refused.getCause());
        }
    }

    @Test
    void theControllerAsksAsWell() throws Exception {
        String metadata = Files.readString(Path.of("/proc/self/net/tcp"));
        // Every loopback port of this process that listens: each must refuse a client without an account.
        for (String line : metadata.lines()
                .filter(text -> text.contains("0100007F:") && text.contains(" 0A "))
                .toList()) {
            int port = Integer.parseInt(line.strip().split("\\s+")[1].split(":")[1], 16);
            Map<String, Object> stranger = new HashMap<>(Map.of(
                    "bootstrap.controllers",
                    "127.0.0.1:" + port,
                    "default.api.timeout.ms",
                    2000,
                    "request.timeout.ms",
                    1000));
            try (Admin admin = Admin.create(stranger)) {
                assertThrows(
                        ExecutionException.class,
                        () -> admin.describeMetadataQuorum().quorumInfo().get(60, TimeUnit.SECONDS),
                        "port " + port);
            }
        }
    }

    @Test
    void theRegistryIsReadByAnybodyHereAndChangedByUsOnly() throws Exception {
        RegistryClient ours = new AvroSerdes(district.cluster().clients().serdes()).registry();
        int id = ours.register("ours-value", EpochApplied.getClassSchema());
        RegistryClient stranger = new AvroSerdes(Map.of(
                        "schema.registry.url", district.cluster().addresses().registryUrl()))
                .registry();
        assertEquals(EpochApplied.getClassSchema(), stranger.schema(id));
        RegistryException refused = assertThrows(
                RegistryException.class, () -> stranger.register("theirs-value", EpochApplied.getClassSchema()));
        assertEquals(401, refused.status());
        assertEquals("HTTP/1.1 401", status("PUT /config HTTP/1.1", "127.0.0.1"));
        assertEquals("HTTP/1.1 403", status("GET /subjects HTTP/1.1", "rebound.example"));
        assertEquals("HTTP/1.1 200", status("GET /subjects HTTP/1.1", "localhost"));
    }

    @Test
    void nobodyElseCanEnterTheFolders() throws IOException {
        assertEquals(
                "rwx------", permissions(district.configuration().installation().directory()));
        assertEquals(
                "rwx------",
                permissions(district.configuration().installation().directory().resolve("kafka")));
        assertEquals(
                "rw-------",
                permissions(district.configuration().installation().directory().resolve("kafka/kafka-secret")));
        assertEquals(
                "rw-------",
                permissions(district.configuration().installation().directory().resolve("status-token")));
        assertFalse(district.cluster().clients().toString().contains("password"));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** With a host header of its own, which Java's client does not allow. */
    private static String status(String line, String host) throws IOException {
        URI url = URI.create(district.cluster().addresses().registryUrl());
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream()
                    .write(bytes(line + "\r\nHost: " + host + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).substring(0, 12);
        }
    }
}
