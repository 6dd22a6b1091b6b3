package dev.patronstream.cli.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patronstream.cli.web.SampleDistrict.Situation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people order by the page, and what nobody can order by another one. */
final class OrdersTest extends ServedDistrict {

    private static final String MARIA = "{\"by\":\" Maria  Lopez \",\"note\":\"The school\\nhas closed\"}";

    private final SampleDistrict district = new SampleDistrict(Situation.HELD, NOW);
    private final String held = district.month().get(0).getId();

    private HttpResponse<String> post(StatusServer server, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.url().resolve(path)).POST(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private Map<String, String> signedIn() {
        return Map.of(
                "Authorization",
                AccessToken.find(folder).orElseThrow().header(),
                "Content-Type",
                "application/json",
                "Sec-Fetch-Site",
                "same-origin");
    }

    @Test
    void theDecisionOfAPersonHasWhoAndWhy() throws Exception {
        try (StatusServer server = start(district)) {
            HttpResponse<String> approved = post(server, "/deliveries/" + held + "/approve", MARIA, signedIn());
            JsonNode receipt = JSON.readTree(approved.body());

            assertEquals(200, approved.statusCode(), approved.body());
            assertEquals("delivered", receipt.path("result").asText());
            assertEquals("approved", receipt.at("/decision/kind").asText());
            assertEquals("Maria Lopez (status page)", receipt.at("/decision/by").asText());
            assertEquals("The school has closed", receipt.at("/decision/note").asText());
            post(server, "/deliveries/" + held + "/reject", "{\"by\":\"Maria\",\"note\":\"\"}", signedIn());
            post(server, "/deliveries/" + held + "/resend", "{\"by\":\"Maria\"}", signedIn());
            post(server, "/feeds/destiny/pause", "{\"by\":\"Maria\",\"until\":\"2026-12-01\"}", signedIn());
            post(server, "/feeds/destiny/resume", "{}", signedIn());
            assertEquals(
                    List.of(
                            "APPROVE by Maria Lopez (status page): The school has closed",
                            "REJECT by Maria (status page)",
                            "RESEND by Maria (status page)",
                            "PAUSE destiny until 2026-12-01 by Maria (status page)",
                            "RESUME destiny"),
                    district.orders.given);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/deliveries/x/approve",
                "/deliveries/x/reject",
                "/deliveries/x/resend",
                "/feeds/destiny/pause",
                "/feeds/destiny/resume",
                "/feeds/destiny/snapshot",
                "/capture/hold/5f2c9a17/approve"
            })
    void ordersNeedTheTokenAndComeFromNoOtherPageAndNoForm(String path) throws Exception {
        try (StatusServer server = start(district)) {
            String token = AccessToken.find(folder).orElseThrow().header();
            URI own = server.url();

            assertEquals(
                    401,
                    post(server, path, MARIA, Map.of("Content-Type", "application/json"))
                            .statusCode());
            for (Map<String, String> foreign : List.of(
                    Map.of("Sec-Fetch-Site", "cross-site"),
                    Map.of("Sec-Fetch-Site", "same-site"),
                    Map.of("Sec-Fetch-Site", "none"),
                    Map.of("Origin", "http://evil.example"),
                    Map.of("Origin", "null"),
                    Map.of("Origin", "http://127.0.0.1:1"))) {
                HttpResponse<String> refused = post(
                        server,
                        path,
                        MARIA,
                        with(foreign, Map.of("Authorization", token, "Content-Type", "application/json")));
                assertEquals(403, refused.statusCode(), foreign + " " + refused.body());
            }
            for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")) {
                assertEquals(
                        415,
                        post(server, path, MARIA, Map.of("Authorization", token, "Content-Type", type))
                                .statusCode());
            }
            assertTrue(district.orders.given.isEmpty() && district.orders.asked.get() == null);
            assertFalse(List.of(401, 403)
                    .contains(post(server, path, MARIA, with(Map.of("Origin", "https://proxy.example"), signedIn()))
                            .statusCode()));
            String mine = "http://" + own.getHost() + ":" + own.getPort();
            assertFalse(List.of(401, 403, 415)
                    .contains(post(server, path, MARIA, with(Map.of("Origin", mine), signedIn()))
                            .statusCode()));
        }
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> others) {
        Map<String, String> all = new HashMap<>(others);
        all.putAll(some);
        return all;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "approve | {}",
                "approve | {\"by\":\"\"}",
                "approve | {\"by\":5}",
                "approve | {\"by\":\"Maria\",\"not\":\"a\"}",
                "approve | {\"by\":\"Maria\",\"note\":\"\\u0007\"}",
                "approve | []",
                "approve | {",
                "approved | {\"by\":\"Maria\"}"
            })
    void misunderstoodOrderIsNotCarriedOut(String order, String body) throws Exception {
        try (StatusServer server = start(district)) {
            HttpResponse<String> answer = post(server, "/deliveries/" + held + "/" + order, body, signedIn());

            assertEquals(400, answer.statusCode(), answer.body());
            assertEquals(
                    400,
                    post(server, "/feeds/destiny/pause", "{\"by\":\"Maria\",\"until\":\"soon\"}", signedIn())
                            .statusCode());
            assertTrue(district.orders.given.isEmpty());
        }
    }

    @Test
    void whatCaptureHoldsIsShownAndDecidedOn() throws Exception {
        SampleDistrict holding = new SampleDistrict(Situation.CAPTURE_HELD, NOW);
        try (StatusServer server = start(holding)) {
            JsonNode hold = json(server, "/capture/hold");

            assertEquals("452 of 1932 rows of STU", hold.path("wouldRemove").asText());
            assertEquals(SampleDistrict.HOLD, hold.path("id").asText());
            assertEquals(
                    409,
                    post(server, "/capture/hold/other/approve", MARIA, signedIn())
                            .statusCode());
            assertEquals(
                    200,
                    post(server, "/capture/hold/" + SampleDistrict.HOLD + "/reject", MARIA, signedIn())
                            .statusCode());
            assertEquals(List.of("REJECTED 5f2c9a17 by Maria Lopez (status page)"), holding.orders.given);
        }
        try (StatusServer server = start(Situation.WELL)) {
            assertEquals("{\"held\":false}", get(server, "/capture/hold").body());
        }
    }

    @Test
    void theTokenIsTriedWithoutAnOrderAndALinkCarriesItBehindTheAddress() throws Exception {
        try (StatusServer server = start(district)) {
            AccessToken token = AccessToken.find(folder).orElseThrow();
            String text = token.header().substring("Bearer ".length());
            HttpRequest right = HttpRequest.newBuilder(server.url().resolve("/sign-in"))
                    .header("Authorization", token.header())
                    .build();

            assertEquals(401, get(server, "/sign-in").statusCode());
            assertEquals(200, client.send(right, BodyHandlers.ofString()).statusCode());
            assertEquals(server.url() + "#token=" + text, token.link(server.url()));
        }
    }

    @Test
    void historyIsInShortAndInFull() throws Exception {
        try (StatusServer server = start(district)) {
            JsonNode month = json(server, "/deliveries");
            JsonNode first = month.at("/deliveries/0");
            JsonNode full = json(server, "/deliveries/" + first.path("id").asText());

            assertEquals(30, month.path("days").asInt());
            assertEquals(district.month().size(), month.path("deliveries").size());
            assertEquals("held", first.path("result").asText());
            assertEquals(452, first.path("removed").asInt());
            assertFalse(first.has("difference"));
            assertEquals("removed-above", full.at("/holds/0/check").asText());
            assertEquals("EAGLEMS", full.at("/difference/groups/1/site").asText());
            assertEquals(404, get(server, "/deliveries/destiny-1-1").statusCode());
            assertEquals(
                    "Eagle Middle School",
                    json(server, "/status").at("/feeds/0/sites/EAGLEMS").asText());

            JsonNode freshness = json(server, "/freshness");
            assertEquals(300, freshness.path("samples").size());
            assertEquals(2.0, freshness.at("/samples/0/ageSeconds").asDouble());
            assertFalse(freshness.at("/samples/150").has("ageSeconds"));
        }
    }

    @Test
    void aPersonIsExplainedAndProblemsAreCounted() throws Exception {
        try (StatusServer server = start(district)) {
            JsonNode person = json(server, "/feeds/destiny/people/student/" + SampleDistrict.STUDENT);

            assertEquals(
                    "In the feed: yes, active at Eagle High School",
                    person.at("/inShort/0").asText());
            assertTrue(person.path("lines").size() > 2);
            assertEquals(404, get(server, "/feeds/destiny/people/student/5").statusCode());
            assertEquals(400, get(server, "/feeds/destiny/people/teacher/5").statusCode());
            assertEquals(404, get(server, "/feeds/other/people/student/5").statusCode());
            JsonNode rule = json(server, "/feeds/destiny/problems").at("/rules/0");
            assertEquals("invalid-email", rule.path("rule").asText());
            assertEquals(3, rule.path("count").asInt());
            assertEquals("student/99400007", rule.at("/first/0/key").asText());
        }
    }
}
