package dev.patronstream.cli.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.web.SampleDistrict.Situation;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask the status port for what. */
final class StatusAccessTest extends ServedDistrict {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:9999", "localhost", "LOCALHOST:8085", "[::1]:8085", "[::1]"})
    void ownNamesAreAnswered(String host) throws Exception {
        try (StatusServer server = start(Situation.WELL)) {
            assertTrue(rawGet(server.port(), "/status", host, "").startsWith("HTTP/1.1 200"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8085",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "192.168.1.7"
            })
    void namesPointedHereByOthersAreRefusedEverywhere(String host) throws Exception {
        try (StatusServer server = start(Situation.WELL)) {
            for (String path : new String[] {
                "/", "/page.js", "/status", "/metrics", "/health", "/patrons/student/99400001", "/nowhere"
            }) {
                String answer = rawGet(server.port(), path, host, "");

                assertTrue(answer.startsWith("HTTP/1.1 403"), path + " was answered: " + answer);
                assertFalse(answer.contains("eagle"), answer);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/page.css",
                "/page.js",
                "/icon.svg",
                "/status",
                "/patrons/student/99400001",
                "/patrons/x/1",
                "/nowhere"
            })
    void everyAnswerForbidsCachingSharingAndForeignCode(String path) throws Exception {
        try (StatusServer server = start(Situation.WELL)) {
            var headers = get(server, path).headers();

            assertEquals(Optional.of("no-store"), headers.firstValue("Cache-Control"));
            assertEquals(Optional.of("nosniff"), headers.firstValue("X-Content-Type-Options"));
            assertTrue(headers.firstValue("Content-Security-Policy").orElse("").startsWith("default-src 'none'"));
            assertFalse(headers.firstValue("Content-Security-Policy").orElse("").contains("unsafe"));
            assertTrue(headers.firstValue("Access-Control-Allow-Origin").isEmpty());
            assertTrue(headers.firstValue("Server").isEmpty());
        }
    }

    @Test
    void personsNeedTheTokenWhereOthersCanReachThePort() throws Exception {
        SampleDistrict district = new SampleDistrict(Situation.WELL, NOW);
        AccessToken token = AccessToken.ensure(folder);
        try (StatusServer server = StatusServer.start("0.0.0.0", 0, district, token)) {
            String authorized = "Authorization: " + token.header() + "\r\n";

            assertTrue(rawGet(server.port(), "/status", "127.0.0.1", "").startsWith("HTTP/1.1 200"));
            assertTrue(rawGet(server.port(), "/status", "evil.example", "").startsWith("HTTP/1.1 403"));
            for (String path : new String[] {"/patrons/student/99400001", "/feeds/destiny"}) {
                String refused = rawGet(server.port(), path, "127.0.0.1", "");
                assertTrue(refused.startsWith("HTTP/1.1 401"), refused);
                assertFalse(refused.contains("entries") || refused.contains("Name"), refused);
                assertTrue(rawGet(server.port(), path, "127.0.0.1", authorized).startsWith("HTTP/1.1 200"));
            }
        }
    }

    @Test
    void tokenIsForItsOwnerAndStays() throws Exception {
        AccessToken first = AccessToken.ensure(folder);
        AccessToken second = AccessToken.ensure(folder);

        assertEquals(first.header(), second.header());
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("status-token"))));
        assertFalse(first.toString().contains(first.header().substring("Bearer ".length())));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }
}
