package dev.patronstream.cli.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A headless Chromium with one page, by its DevTools protocol and Java's own web socket: Selenium needs a driver of just
 * the browser's version beside it, which few machines have. Not thread-safe.
 */
public final class Chromium implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> waiting;
    private final List<String> complaints;
    private final AtomicInteger number = new AtomicInteger();

    private Chromium(
            Process process,
            WebSocket socket,
            Map<Integer, CompletableFuture<JsonNode>> waiting,
            List<String> complaints) {
        this.process = process;
        this.socket = socket;
        this.waiting = waiting;
        this.complaints = complaints;
    }

    /** Returns the browser of this machine, if it has one on its PATH. */
    public static Optional<Path> find() {
        return NAMES.stream()
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts a browser.
     *
     * @param program from {@link #find}
     * @param profile an empty folder for what it writes
     */
    public static Chromium start(Path program, Path profile) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank");
        builder.environment().put("TMPDIR", profile.toString());
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(profile.resolve("output").toFile())
                .start();
        try {
            return attached(process, profile);
        } catch (Exception e) {
            end(process);
            throw e;
        }
    }

    private static Chromium attached(Process process, Path profile) throws Exception {
        Path port = profile.resolve("DevToolsActivePort");
        until(() -> Files.exists(port) && lines(port).size() > 1, "the browser listens: " + profile);
        Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
        List<String> complaints = new CopyOnWriteArrayList<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(page(lines(port).get(0)), new Messages(waiting, complaints))
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Chromium started = new Chromium(process, socket, waiting, complaints);
        for (String part : List.of("Page", "Runtime", "Log")) {
            started.order(part + ".enable", Map.of());
        }
        return started;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static URI page(String port) throws IOException, InterruptedException {
        String targets = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        for (JsonNode target : JSON.readTree(targets)) {
            if (target.path("type").asText().equals("page")) {
                return URI.create(target.path("webSocketDebuggerUrl").asText());
            }
        }
        throw new IllegalStateException("The browser has no page: " + targets);
    }

    /** Opens an address and forgets what was complained of before. */
    public void open(String address) throws Exception {
        order("Page.navigate", Map.of("url", "about:blank"));
        complaints.clear();
        order("Page.navigate", Map.of("url", address));
    }

    /** Shows pages as a window of this size does, in light or dark colors. */
    void show(int width, int height, boolean dark) throws Exception {
        order(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        order(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Returns the value of an expression; of a promise, what it brings. */
    public JsonNode value(String expression) throws Exception {
        JsonNode answer = order(
                "Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + answer.path("exceptionDetails"));
        }
        return answer.at("/result/value");
    }

    /** Waits until an expression is true. */
    public void await(String expression) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!value("Boolean(" + expression + ")").asBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new TimeoutException(expression + " is not so; the page says "
                        + value("document.body.innerText").asText());
            }
        }
    }

    /** Clicks the button with this text, as soon as it is there to be seen. */
    public void click(String button) throws Exception {
        String found = "[...document.querySelectorAll('button')].find(b => b.textContent.trim() === '" + button
                + "' && b.checkVisibility())";
        await(found);
        value(found + ".click()");
    }

    /** Types into the field with this label, as soon as it is there to be seen. */
    public void type(String label, String text) throws Exception {
        String found = "[...document.querySelectorAll('label')].find(l => l.textContent.trim().startsWith('" + label
                + "') && l.checkVisibility())";
        await(found);
        value(found + ".querySelector('input').focus()");
        order("Input.insertText", Map.of("text", text));
    }

    /** Presses a key, by the name that pages see. */
    void press(String key, int code, String text) throws Exception {
        Map<String, Object> pressed = Map.of("key", key, "code", key, "windowsVirtualKeyCode", code, "text", text);
        order("Input.dispatchKeyEvent", with(pressed, "type", text.isEmpty() ? "rawKeyDown" : "keyDown"));
        order("Input.dispatchKeyEvent", with(pressed, "type", "keyUp"));
    }

    private static Map<String, Object> with(Map<String, Object> some, String name, Object value) {
        Map<String, Object> all = new HashMap<>(some);
        all.put(name, value);
        return all;
    }

    /** Returns the picture of what the window shows, as PNG. */
    byte[] picture() throws Exception {
        return Base64.getDecoder()
                .decode(order("Page.captureScreenshot", Map.of("format", "png"))
                        .path("data")
                        .asText());
    }

    /** Returns what scripts failed at and what the content policy refused since a page was opened. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    private JsonNode order(String method, Map<String, ?> parameters) throws Exception {
        int id = number.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        socket.sendText(JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        JsonNode message = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (message.has("error")) {
            throw new IllegalStateException(method + ": " + message.path("error"));
        }
        return message.path("result");
    }

    private static void until(BooleanSupplier condition, String what) throws TimeoutException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new TimeoutException("Waited in vain until " + what);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() throws InterruptedException, ExecutionException, TimeoutException {
        socket.abort();
        end(process);
    }

    private static void end(Process process) throws InterruptedException, ExecutionException, TimeoutException {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle one : all) {
            one.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static final class Messages implements WebSocket.Listener {

        private final Map<Integer, CompletableFuture<JsonNode>> waiting;
        private final List<String> complaints;
        private final StringBuilder message = new StringBuilder();

        private Messages(Map<Integer, CompletableFuture<JsonNode>> waiting, List<String> complaints) {
            this.waiting = waiting;
            this.complaints = complaints;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                took(message.toString());
                message.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }

        private void took(String text) {
            try {
                JsonNode json = JSON.readTree(text);
                if (json.has("id")) {
                    waiting.remove(json.path("id").asInt()).complete(json);
                } else if (json.path("method").asText().equals("Runtime.exceptionThrown")
                        || json.at("/params/type").asText().equals("error")) {
                    complaints.add(json.path("params").toString());
                } else if (json.at("/params/entry/level").asText().equals("error")) {
                    complaints.add(json.at("/params/entry").toString());
                }
            } catch (IOException e) {
                complaints.add("not JSON: " + text);
            }
        }
    }
}
