package dev.patronstream.cli.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.cli.web.SampleDistrict.Situation;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;

/** A status port over a sample district, and its callers. */
abstract class ServedDistrict {

    static final ObjectMapper JSON = new ObjectMapper();
    static final Instant NOW = Instant.parse("2026-11-24T04:22:00Z");

    final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    StatusServer start(SampleDistrict district) {
        return StatusServer.start("127.0.0.1", 0, district, AccessToken.ensure(folder));
    }

    StatusServer start(Situation situation) {
        return start(new SampleDistrict(situation, NOW));
    }

    HttpResponse<String> get(StatusServer server, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(server.url().resolve(path)).build(), BodyHandlers.ofString());
    }

    JsonNode json(StatusServer server, String path) throws IOException, InterruptedException {
        return JSON.readTree(get(server, path).body());
    }

    /** By hand: Java's client does not let a caller choose the header Host. */
    static String rawGet(int port, String path, String host, String more) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + more + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
