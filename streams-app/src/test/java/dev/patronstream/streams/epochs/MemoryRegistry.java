package dev.patronstream.streams.epochs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.patronstream.schemas.serde.AvroSerdes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The three calls of a registry that the serde makes, over HTTP, in memory: quick enough for thousands of districts. */
public final class MemoryRegistry implements AutoCloseable {

    private final ObjectMapper json = new ObjectMapper();
    private final List<String> schemas = new ArrayList<>();
    private final HttpServer server;
    private final AvroSerdes serdes;

    public MemoryRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
        serdes = new AvroSerdes(Map.of(
                "schema.registry.url", "http://127.0.0.1:" + server.getAddress().getPort()));
    }

    /** Knows these schemas already; their ids are their places, from 1 on. */
    public MemoryRegistry(List<String> known) {
        this();
        schemas.addAll(known);
    }

    /** The schemas by id, from 1 on. */
    public synchronized List<String> schemas() {
        return List.copyOf(schemas);
    }

    public AvroSerdes serdes() {
        return serdes;
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body;
        if (path.startsWith("/schemas/ids/")) {
            int id = Integer.parseInt(path.substring("/schemas/ids/".length()));
            body = json.writeValueAsBytes(Map.of("schema", schemas.get(id - 1)));
        } else {
            String schema =
                    json.readTree(exchange.getRequestBody()).path("schema").asText();
            if (!schemas.contains(schema)) {
                schemas.add(schema);
            }
            body = json.writeValueAsBytes(Map.of("id", schemas.indexOf(schema) + 1));
        }
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
