package dev.patronstream.benchmarks.endurance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Somebody who orders a delivery every few moments, besides those of the schedule, and remembers every answer.
 * Thread-safe.
 */
final class Orders implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int LONGEST_PAUSE_MILLIS = 3_000;
    private static final int OK = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Processes processes;
    private final Random random;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<String, String> answers = new TreeMap<>();
    private final Thread thread = new Thread(this::order, "orders");
    private volatile boolean pausing;
    private long unanswered;

    Orders(Processes processes, long seed) {
        this.processes = processes;
        this.random = new Random(seed);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Result by id of every delivery of a feed that was answered for. */
    synchronized Map<String, String> answers(String feed) {
        Map<String, String> own = new TreeMap<>(answers);
        own.keySet().removeIf(id -> !id.startsWith(feed + "-"));
        return own;
    }

    /** How many orders got no answer: nobody was there, or the process ended. */
    synchronized long unanswered() {
        return unanswered;
    }

    /** Orders nothing by itself any more, or again. */
    void pause(boolean pause) {
        pausing = pause;
    }

    /** Orders one delivery; returns its receipt's id and result, empty without an answer. */
    Optional<Answer> orderOne(String feed, boolean evenIfUnchanged) throws InterruptedException {
        Optional<String> url = processes.snapshotterUrl();
        if (url.isEmpty()) {
            return Optional.empty();
        }
        try {
            String token = Files.readString(processes.snapshotterToken()).strip();
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(url.get()).resolve("/feeds/" + feed + "/snapshot"))
                            .timeout(PATIENCE)
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"evenIfUnchanged\": " + evenIfUnchanged + "}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == OK) {
                return Optional.of(note(JSON.readTree(answer.body())));
            }
        } catch (IOException e) {
            // The snapshotter is away, or ended while it was at it: that is what this run is about.
        }
        synchronized (this) {
            unanswered++;
        }
        return Optional.empty();
    }

    /** What an order was answered with. */
    record Answer(String id, String result) {}

    private synchronized Answer note(JsonNode receipt) {
        String result = receipt.path("result").asText();
        answers.put(receipt.path("id").asText(), result);
        return new Answer(receipt.path("id").asText(), result);
    }

    private void order() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (!pausing) {
                    orderOne(Surroundings.FEEDS.get(random.nextInt(Surroundings.FEEDS.size())), random.nextBoolean());
                }
                Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        Watching.end(thread);
    }
}
