package dev.patronstream.cli.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patronstream.cli.web.SampleDistrict.Situation;
import dev.patronstream.schemas.lifecycle.LatencyStep;
import dev.patronstream.snapshotter.SnapshotOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The status port as its callers meet it. */
final class StatusServerTest extends ServedDistrict {

    @Test
    void statusHasTheDocumentedShape() throws Exception {
        try (StatusServer server = start(Situation.WELL)) {
            JsonNode status = json(server, "/status");

            assertEquals("good", status.at("/headline/level").asText());
            assertEquals(
                    "Today's file went to Destiny at 8:18 PM: 1,932 patrons, 4 added, 1 removed, 14 changed.",
                    status.at("/headline/sentence").asText());
            assertEquals(
                    "The next file goes on Nov 24, 3:35 AM. Every change in Aeries up to 2 seconds ago is in. There is"
                            + " nothing to do.",
                    status.at("/headline/more").asText());
            assertEquals("eagle", status.get("district").asText());
            assertEquals("2026-11-24T04:22:00Z", status.get("now").asText());
            assertEquals("known", status.at("/freshness/state").asText());
            assertEquals(2.0, status.at("/freshness/ageSeconds").asDouble());
            assertEquals("2026-11-24T04:21:58Z", status.at("/freshness/asOf").asText());
            assertFalse(status.get("freshness").has("note"));
            assertEquals(2247, status.at("/counts/patrons").asInt());
            assertEquals("capture", status.at("/stages/0/name").asText());
            assertEquals("running", status.at("/stages/0/state").asText());
            assertEquals(
                    "process 4711 on sis1",
                    status.at("/stages/0/instances/0/process").asText());
            assertEquals("leads", status.at("/stages/0/instances/0/role").asText());
            assertTrue(status.at("/stages/0/instances/0/here").asBoolean());
            assertEquals(
                    "2026-11-24T04:07:00Z", status.at("/stages/0/notices/0/at").asText());
            assertEquals("America/Los_Angeles", status.get("timeZone").asText());
            assertEquals("19344", status.at("/stages/0/details/Epoch").asText());
            assertEquals("destiny", status.at("/feeds/0/name").asText());
            assertEquals(1932, status.at("/feeds/0/entries").asInt());
            assertEquals("delivered", status.at("/deliveries/0/result").asText());
            assertEquals(
                    "2026-11-24T04:18:00Z", status.at("/deliveries/0/startedAt").asText());
            assertEquals("2026-11-24", status.at("/deliveries/0/businessDate").asText());
            assertFalse(status.at("/deliveries/0").has("message"));
            assertEquals(48_211, status.at("/counters/rowsPublished").asInt());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "STARTING, waiting, Not ready yet: capture is at work.",
        "STALLED, attention, Nothing new has come from Aeries for 21 minutes",
        "FAILED_DELIVERY, attention, Today's file has not reached Destiny.",
        "WRITTEN_ONLY, good, Files are written here only",
        "STOPPED, bad, Capture has stopped",
        "UNCHANGED, good, 'Destiny has today''s file, checked at 8:18 PM: 1,932 patrons, nothing changed.'",
        "HELD, attention, Today's file for Destiny is held: 452 of 1,932 patrons would be removed.",
        "REJECTED, attention, Today's file for Destiny was rejected by Maria Lopez (status page) at 8:21 PM.",
        "PAUSED, waiting, 'Deliveries to Destiny are paused until Dec 1, 10:48 PM.'",
        "CAPTURE_HELD, attention, Capture waits for a decision."
    })
    void headlineSaysWhatMattersMost(Situation situation, String level, String words) throws Exception {
        try (StatusServer server = start(situation)) {
            JsonNode headline = json(server, "/status").get("headline");

            assertEquals(level, headline.get("level").asText());
            assertTrue(headline.get("sentence").asText().contains(words), headline.toString());
        }
    }

    @Test
    void patronIsPlainJson() throws Exception {
        try (StatusServer server = start(Situation.WELL)) {
            HttpResponse<String> answer = get(server, "/patrons/student/" + SampleDistrict.STUDENT);
            JsonNode patron = JSON.readTree(answer.body());

            assertEquals(200, answer.statusCode());
            assertEquals("student", patron.get("kind").asText());
            assertEquals(SampleDistrict.STUDENT, patron.get("id").asInt());
            assertEquals(SampleDistrict.AWKWARD_NAME, patron.get("lastName").asText());
            assertEquals("María-José", patron.get("firstName").asText());
            assertEquals("2011-03-09", patron.get("birthDate").asText());
            assertEquals("locker 12", patron.at("/extra/U1").asText());
            assertEquals("active", patron.at("/primary/status").asText());
            assertEquals("pre-enrolled", patron.at("/others/0/status").asText());
            assertFalse(patron.has("middleName"));
            assertTrue(answer.headers().firstValue("Content-Type").orElse("").startsWith("application/json"));
            assertEquals(
                    "staff", json(server, "/patrons/staff/1203").get("kind").asText());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/patrons/student/5 | 404 | There is no student with ID 5",
                "/patrons/staff/99400001 | 404 | There is no staff member with ID 99400001",
                "/patrons/teacher/5 | 400 | The kind of person is one of student, staff",
                "/patrons/student/five | 400 | The ID is a whole number from 0 to 2147483647",
                "/patrons/student/-5 | 400 | The ID is a whole number from 0 to 2147483647",
                "/patrons/student/99999999999 | 400 | The ID is a whole number from 0 to 2147483647",
                "/feeds/alexandria | 404 | There is no such feed; there are: destiny",
                "/feeds/alexandria/sheet | 404 | There is no such feed; there are: destiny",
                "/feeds/destiny?status=gone | 400 | The status is one of active, pre-enrolled, inactive",
                "/feeds/destiny?school=EAGLEHS | 400 | The school is a whole number from 0 to 999999",
                "/feeds/destiny?limit=0 | 400 | The limit is a whole number from 1 to 10000",
                "/feeds/destiny?limit=5&limit=6 | 400 | The parameter limit can be given once",
                "/feeds/destiny?schol=10 | 400 | The parameters known here are limit, school, status",
                "/nowhere | 404 | There is nothing here; try /, /status, /health, /metrics, /patrons/student/ID or"
                        + " /feeds/FEED",
                "/feeds/destiny/snapshot | 405 | This address does not take GET"
            })
    void wrongQuestionIsAnsweredWithWhatWouldBeRight(String path, int status, String message) throws Exception {
        try (StatusServer server = start(Situation.WELL)) {
            HttpResponse<String> answer = get(server, path);

            assertEquals(status, answer.statusCode());
            assertEquals("{\"error\":\"" + message + "\"}", answer.body());
        }
    }

    @Test
    void sheetOfAFeedIsText() throws Exception {
        try (StatusServer server = start(Situation.WELL)) {
            HttpResponse<String> answer = get(server, "/feeds/destiny/sheet");
            assertEquals(200, answer.statusCode());
            assertEquals("Feed destiny\n\nWho\n", answer.body());
            assertTrue(answer.headers().firstValue("Content-Type").orElse("").startsWith("text/plain"));
        }
    }

    @Test
    void feedIsFilteredAndLimited() throws Exception {
        try (StatusServer server = start(Situation.WELL)) {
            JsonNode all = json(server, "/feeds/destiny?limit=10000");
            JsonNode first = json(server, "/feeds/destiny");
            JsonNode some = json(server, "/feeds/destiny?school=10&status=pre-enrolled&limit=25");

            assertEquals(SampleDistrict.ENTRIES, all.get("entries").size());
            assertFalse(all.get("more").asBoolean());
            assertEquals(100, first.get("entries").size());
            assertTrue(first.get("more").asBoolean());
            assertEquals(25, some.get("entries").size());
            assertFalse(some.get("more").asBoolean());
            some.get("entries").forEach(entry -> {
                assertEquals(10, entry.at("/primary/schoolCode").asInt());
                assertEquals("pre-enrolled", entry.at("/primary/status").asText());
            });
        }
    }

    @Test
    void tableBeingRebuiltIsSaidSo() throws Exception {
        try (StatusServer server = start(Situation.STARTING)) {
            HttpResponse<String> patron = get(server, "/patrons/student/1");

            assertEquals(503, patron.statusCode());
            assertEquals("{\"error\":\"The patron table is being rebuilt; ask again in a moment\"}", patron.body());
            assertEquals(503, get(server, "/feeds/destiny").statusCode());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "WELL, 200, 200",
        "STARTING, 200, 200",
        "STALLED, 200, 503",
        "FAILED_DELIVERY, 200, 503",
        "STOPPED, 503, 503",
        "STOPPED_ELSEWHERE, 200, 503"
    })
    void healthFailsWhenStartingThisProcessAgainMightHelpAndTheDistrictsWhenSomeoneShouldLook(
            Situation situation, int status, int ofDistrict) throws Exception {
        try (StatusServer server = start(situation)) {
            HttpResponse<String> health = get(server, "/health");

            assertEquals(ofDistrict, get(server, "/health?district=1").statusCode());
            assertEquals(400, get(server, "/health?distric=1").statusCode());
            assertEquals(status, health.statusCode());
            assertEquals(
                    status == 200, JSON.readTree(health.body()).get("healthy").asBoolean());
            assertFalse(JSON.readTree(health.body()).get("sentence").asText().isEmpty());
        }
    }

    @Test
    void metricsAreThere() throws Exception {
        try (StatusServer server = start(Situation.FAILED_DELIVERY)) {
            LatencyStep.APPLIED.took(Instant.EPOCH, Instant.EPOCH.plusMillis(250));
            String metrics = get(server, "/metrics").body();

            assertLine(metrics, "patronstream_latency_seconds_sum{district=\"eagle\",step=\"applied\"} 0.25");
            assertTrue(metrics.contains(
                    "\npatronstream_latency_seconds{district=\"eagle\",step=\"applied\",quantile=\"0.99\"} 0.2"));

            assertLine(metrics, "patronstream_freshness_age_seconds{district=\"eagle\"} 2.0");
            assertLine(metrics, "patronstream_patrons{district=\"eagle\"} 2247.0");
            assertLine(metrics, "patronstream_feed_entries{district=\"eagle\",feed=\"destiny\"} 1932.0");
            assertLine(metrics, "patronstream_stage{district=\"eagle\",stage=\"capture\",state=\"running\"} 1.0");
            assertLine(metrics, "patronstream_stage{district=\"eagle\",stage=\"capture\",state=\"failed\"} 0.0");
            assertLine(metrics, "patronstream_attention{district=\"eagle\"} 1.0");
            assertLine(metrics, "patronstream_stage_heard_age_seconds{district=\"eagle\",stage=\"capture\"} 0.0");
            assertLine(
                    metrics,
                    "patronstream_stage_instances{district=\"eagle\",role=\"leads\",stage=\"capture\",state=\"running\"} 1.0");
            assertLine(
                    metrics,
                    "patronstream_deliveries_recent{district=\"eagle\",feed=\"destiny\",result=\"failed\"} 1.0");
            assertLine(metrics, "patronstream_rows_published_total{district=\"eagle\"} 48211.0");
            assertLine(metrics, "patronstream_epochs_total{district=\"eagle\"} 19344.0");
            assertTrue(
                    metrics.contains(
                            "\npatronstream_delivery_last_success_seconds{district=\"eagle\",feed=\"destiny\"}"),
                    metrics);
            assertTrue(metrics.contains("\njvm_memory_used_bytes"), metrics);
        }
    }

    private static void assertLine(String text, String line) {
        assertTrue(text.lines().anyMatch(line::equals), () -> "no line " + line + " in\n" + text);
    }

    @Test
    void pageBringsEverythingItselfAndHasNoCodeInline() throws Exception {
        try (StatusServer server = start(Situation.WELL)) {
            String page = get(server, "/").body();

            assertFalse(page.contains("http://") || page.contains("https://") || page.contains("//cdn"), page);
            assertFalse(page.contains("<style") || page.contains(" style=") || page.contains(" onclick="), page);
            assertTrue(page.contains("<script src=\"/page.js\" type=\"module\"></script>"));
            Map<String, String> code = new TreeMap<>();
            Deque<String> wanted = new ArrayDeque<>(List.of("page.js"));
            while (!wanted.isEmpty()) {
                String name = wanted.pop();
                HttpResponse<String> script = get(server, "/" + name);
                assertEquals(200, script.statusCode(), name);
                if (code.put(name, script.body()) == null) {
                    Matcher imports =
                            Pattern.compile("from '\\./([a-z]+\\.js)'").matcher(script.body());
                    imports.results().map(found -> found.group(1)).forEach(wanted::push);
                }
            }
            assertTrue(code.containsKey("receipt.js"), "the modules were not found: " + code.keySet());
            for (String risky :
                    new String[] {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("}) {
                assertFalse(code.toString().contains(risky), risky);
            }
        }
    }

    private HttpResponse<String> order(StatusServer server, String body, Optional<String> authorization)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.url().resolve("/feeds/destiny/snapshot"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        authorization.ifPresent(text -> request.header("Authorization", text));
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void snapshotIsTakenForTheHolderOfTheTokenOnly() throws Exception {
        SampleDistrict district = new SampleDistrict(Situation.WELL, NOW);
        try (StatusServer server = start(district)) {
            AccessToken token = AccessToken.find(folder).orElseThrow();

            assertEquals(401, order(server, "", Optional.empty()).statusCode());
            assertEquals(401, order(server, "", Optional.of("Bearer ")).statusCode());
            assertEquals(
                    401, order(server, "", Optional.of(token.header() + "0")).statusCode());
            assertNull(district.orders.asked.get());

            HttpResponse<String> answer = order(server, "", Optional.of(token.header()));
            assertEquals(200, answer.statusCode());
            assertEquals("delivered", JSON.readTree(answer.body()).get("result").asText());
            assertEquals(SnapshotOptions.DELIVER, district.orders.asked.get());

            order(server, "{\"dryRun\":\"/tmp/look\",\"evenIfUnchanged\":true}", Optional.of(token.header()));
            assertEquals(new SnapshotOptions(Optional.of(Path.of("/tmp/look")), true), district.orders.asked.get());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "5",
                "{\"dry\":true}",
                "{\"dryRun\":true}",
                "{\"dryRun\":\"here\"}",
                "{\"evenIfUnchanged\":\"yes\"}"
            })
    void misunderstoodOrderIsNotCarriedOut(String body) throws Exception {
        SampleDistrict district = new SampleDistrict(Situation.WELL, NOW);
        try (StatusServer server = start(district)) {
            String token = AccessToken.find(folder).orElseThrow().header();

            assertEquals(400, order(server, body, Optional.of(token)).statusCode());
            assertNull(district.orders.asked.get());
        }
    }

    @Test
    void refusedSnapshotSaysWhy() throws Exception {
        try (StatusServer server = start(Situation.STOPPED)) {
            HttpResponse<String> answer = order(
                    server,
                    "",
                    Optional.of(AccessToken.find(folder).orElseThrow().header()));

            assertEquals(409, answer.statusCode());
            assertEquals("{\"error\":\"A snapshot of destiny is under way already\"}", answer.body());
        }
    }

    @Test
    void takenPortIsNamed() {
        SampleDistrict district = new SampleDistrict(Situation.WELL, NOW);
        try (StatusServer server = start(district)) {
            IllegalStateException refused = assertThrows(
                    IllegalStateException.class,
                    () -> StatusServer.start("127.0.0.1", server.port(), district, AccessToken.ensure(folder)));

            assertTrue(refused.getMessage().contains("port " + server.port() + " of 127.0.0.1"), refused.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource(Situation.class)
    void closedServerIsGone(Situation situation) throws Exception {
        StatusServer server = start(situation);
        URI url = server.url();
        assertEquals(200, get(server, "/").statusCode());
        server.close();

        assertThrows(IOException.class, () -> HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()));
    }
}
