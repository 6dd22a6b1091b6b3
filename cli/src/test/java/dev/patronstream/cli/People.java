package dev.patronstream.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** People who get alerts by a webhook, and keep them. */
public final class People implements AutoCloseable {

    private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();
    private final HttpServer server;

    /** Begins to listen. */
    public People() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            sent.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    /** Returns the webhook's address. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** Returns what a configuration says of it; the secret goes to a file of the folder. */
    public String yaml(Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("webhook"), url());
        return "\nnotices:\n  webhook: {url: \"${file:" + secret + "}\"}\n";
    }

    /** Waits for the next notice. */
    public String next() throws InterruptedException {
        String next = sent.poll(60, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("No alert came");
        }
        return next;
    }

    /** Returns the alerts that came and were not asked for yet. */
    public List<String> more() {
        return List.copyOf(sent);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
