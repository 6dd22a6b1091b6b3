package dev.patronstream.benchmarks.endurance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.benchmarks.endurance.judge.Evidence;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Somebody who looks at the status pages of all services all the time: when does a fault become visible, and when is all
 * good again? Thread-safe.
 */
final class StatusWatch implements AutoCloseable {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(700);
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Processes processes;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final List<Look> looks = new ArrayList<>();
    private final List<Evidence.Claim> claims = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private final Thread thread = new Thread(this::watch, "status");

    /**
     * What the pages said at a moment.
     *
     * @param good whether every service answered that all is good
     * @param visible whether one that answered said otherwise, or told something new, or none answered at all
     * @param sentence the first headline that is not good
     */
    record Look(Instant at, boolean good, boolean visible, String sentence) {}

    /** When a page said that all is good, and up to when. */
    synchronized List<Evidence.Claim> claims() {
        return List.copyOf(claims);
    }

    StatusWatch(Processes processes) {
        this.processes = processes;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    synchronized List<Look> looks() {
        return List.copyOf(looks);
    }

    /** The last look; one that is not good before the first. */
    synchronized Look last() {
        return looks.isEmpty() ? new Look(Instant.MIN, false, false, "") : looks.get(looks.size() - 1);
    }

    /** Whether all has been good for some time, without a look that was not. */
    synchronized boolean isGoodSince(Instant from, Duration time) {
        Optional<Instant> since = Optional.empty();
        for (Look look : looks) {
            if (!look.at().isBefore(from)) {
                since = look.good() ? since.or(() -> Optional.of(look.at())) : Optional.empty();
            }
        }
        return since.filter(begun -> !begun.plus(time).isAfter(last().at())).isPresent();
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                Thread.sleep(BETWEEN_LOOKS.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        Instant at = Instant.now();
        Map<String, JsonNode> answers = new TreeMap<>();
        for (Map.Entry<String, String> page : processes.statusUrls().entrySet()) {
            ask(page.getValue()).ifPresent(answer -> answers.put(page.getKey(), answer));
        }
        Optional<String> trouble = answers.values().stream()
                .filter(answer -> !isGood(answer))
                .map(answer -> answer.path("headline").path("sentence").asText())
                .findFirst();
        synchronized (this) {
            for (JsonNode answer : answers.values()) {
                String asOf = answer.path("freshness").path("asOf").asText();
                if (isGood(answer) && !asOf.isEmpty()) {
                    claims.add(new Evidence.Claim(at, Instant.parse(asOf)));
                }
            }
            boolean news = answers.values().stream().map(this::hasNews).reduce(false, Boolean::logicalOr);
            boolean good = answers.size() == Processes.SERVICES.size() && trouble.isEmpty();
            looks.add(new Look(
                    at,
                    good,
                    trouble.isPresent() || news || answers.isEmpty(),
                    trouble.orElse(answers.size() < Processes.SERVICES.size() ? "a page does not answer" : "")));
        }
    }

    private static boolean isGood(JsonNode answer) {
        return answer.path("headline").path("level").asText().equals("good");
    }

    private boolean hasNews(JsonNode answer) {
        boolean news = false;
        for (JsonNode stage : answer.path("stages")) {
            for (JsonNode notice : stage.path("notices")) {
                // Without its time, which each page works out again from how long ago it was.
                news |= known.add(notice.path("text").asText().replaceAll("[0-9]+ (ms|s|seconds?|minutes?)\\b", ""));
            }
        }
        return news;
    }

    private Optional<JsonNode> ask(String url) throws InterruptedException {
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(url).resolve("/status"))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return Optional.of(JSON.readTree(answer.body()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        Watching.end(thread);
    }
}
