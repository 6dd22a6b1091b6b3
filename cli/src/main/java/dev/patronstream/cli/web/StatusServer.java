package dev.patronstream.cli.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status port: a page for people, JSON and metrics for programs, over HTTP. Thread-safe.
 *
 * <p>What it shows of persons is protected by where it listens: on a loopback address anyone who is on this machine may
 * ask; on any other address questions about persons need the {@link AccessToken}. Orders need it everywhere.
 */
public final class StatusServer implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(StatusServer.class);
    private static final List<String> SCRIPTS = List.of(
            "page.js", "words.js", "session.js", "stages.js", "files.js", "receipt.js", "charts.js", "person.js");
    private static final int LARGEST_REQUEST = 10_000;
    private static final int MOST_THREADS = 16;
    private static final int FEWEST_THREADS = 2;

    private final Javalin server;
    private final Metrics metrics;
    private final String address;

    private StatusServer(Javalin server, Metrics metrics, String address) {
        this.server = server;
        this.metrics = metrics;
        this.address = address;
    }

    /**
     * Starts to listen.
     *
     * @param address the name or number of the address to listen on; {@code 127.0.0.1} unless configured otherwise
     * @param port the port; 0 for any free one
     * @param source what to show
     * @param token what callers show where a secret is needed
     * @throws IllegalStateException if the port cannot be opened, with what to do
     */
    public static StatusServer start(String address, int port, StatusSource source, AccessToken token) {
        Gate gate = new Gate(address, token);
        Metrics metrics = new Metrics(source);
        Javalin server = Javalin.create(config -> {
            configure(config);
            config.routes.before(gate::check);
            addPage(config.routes);
            new StatusApi(source, gate, metrics).addTo(config.routes);
        });
        try {
            server.start(address, port);
        } catch (RuntimeException e) {
            server.stop();
            metrics.close();
            throw new IllegalStateException(
                    "The status page cannot open port " + port + " of " + address
                            + "; choose another port (status: port), or 0 for any free one",
                    e);
        }
        StatusServer started = new StatusServer(server, metrics, address);
        LOGGER.atInfo().addKeyValue("url", started.url()).log("The status page is up");
        return started;
    }

    private static void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.http.prefer405over404 = true;
        config.http.maxRequestSize = LARGEST_REQUEST;
        config.jetty.threadPool = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    }

    private static void addPage(RoutesConfig routes) {
        addFile(routes, "/", "page.html", "text/html; charset=utf-8");
        addFile(routes, "/page.css", "page.css", "text/css; charset=utf-8");
        for (String script : SCRIPTS) {
            addFile(routes, "/" + script, script, "text/javascript; charset=utf-8");
        }
        addFile(routes, "/icon.svg", "icon.svg", "image/svg+xml");
    }

    private static void addFile(RoutesConfig routes, String path, String name, String type) {
        byte[] content = read(name);
        routes.get(path, context -> context.contentType(type).result(content));
    }

    private static byte[] read(String name) {
        try (InputStream file = StatusServer.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("The program is incomplete: the page's file " + name + " is missing");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the page's file " + name, e);
        }
    }

    public int port() {
        return server.port();
    }

    public URI url() {
        String host = address.indexOf(':') >= 0 && !address.startsWith("[") ? "[" + address + "]" : address;
        return URI.create("http://" + host + ":" + port() + "/");
    }

    /** Stops answering; what is being answered gets a moment. */
    @Override
    public void close() {
        server.stop();
        metrics.close();
    }
}
