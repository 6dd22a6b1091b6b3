package dev.patronstream.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** The registry's REST calls by hand. */
final class RestClient {

    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;

    RestClient(String url) {
        this.url = url;
    }

    /** An answer: the status, and the body. */
    record Answer(int status, String text) {

        JsonNode json() throws IOException {
            return JSON.readTree(text);
        }

        int errorCode() throws IOException {
            return json().path("error_code").asInt();
        }
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** Returns the schema of an id that must be there. */
    String schema(int id) throws IOException, InterruptedException {
        return get("/schemas/ids/" + id).json().get("schema").asText();
    }

    Answer post(String path, JsonNode body) throws IOException, InterruptedException {
        return send(request(path).POST(BodyPublishers.ofString(body.toString())));
    }

    Answer put(String path, String field, String value) throws IOException, InterruptedException {
        String body = JSON.createObjectNode().put(field, value).toString();
        return send(request(path).PUT(BodyPublishers.ofString(body)));
    }

    Answer postSchema(String path, String schema) throws IOException, InterruptedException {
        return post(path, JSON.createObjectNode().put("schema", schema));
    }

    int register(String subject, String schema) throws IOException, InterruptedException {
        Answer answer = postSchema("/subjects/" + subject + "/versions", schema);
        if (answer.status() != 200) {
            throw new AssertionError("Registering failed: " + answer);
        }
        return answer.json().get("id").asInt();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json");
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }
}
