package dev.patronstream.embedded.registry;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Handler;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry for Avro with those REST calls of Confluent's that serdes and people who look use, on 127.0.0.1:
 * schemas are registered, looked up and read, levels of compatibility are set and read.
 *
 * <p>Its only memory is the compacted topic {@code _schemas}, in Confluent's own layout: it survives restarts and kills,
 * and another registry can take over. There is one writer: a second registry on the same cluster takes the pen from the
 * first, whose next write reads the topic again and takes it back. Schemas of other types than Avro, references to types
 * of other subjects, metadata, rules and ids of the caller's choice are refused; {@code normalize} changes nothing.
 * Nothing is deleted. Thread-safe.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API
 *     reference</a>
 */
public final class EmbeddedRegistry implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedRegistry.class);
    private static final String ADDRESS = "127.0.0.1";

    private final Registry registry;
    private final Javalin server;

    private EmbeddedRegistry(Registry registry, Javalin server) {
        this.registry = registry;
        this.server = server;
    }

    /**
     * Starts a registry whose subjects are {@code BACKWARD} compatible unless they say otherwise.
     *
     * @param port the port on 127.0.0.1; 0 for any free one
     * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached
     */
    public static EmbeddedRegistry start(String bootstrapServers, int port) {
        return start(bootstrapServers, port, "BACKWARD", Map.of());
    }

    /** As {@link #start(String, int, String, Map, Handler)}, for anyone who reaches the port. */
    public static EmbeddedRegistry start(
            String bootstrapServers, int port, String defaultCompatibility, Map<String, ?> clientSettings) {
        return start(bootstrapServers, port, defaultCompatibility, clientSettings, call -> {});
    }

    /**
     * Starts a registry.
     *
     * @param defaultCompatibility the level of subjects that have none and no global one is set, by Confluent's name
     * @param clientSettings further settings of the Kafka clients, such as those for security
     * @param gate sees every call first, and throws what Javalin answers to one that is refused
     * @throws IllegalArgumentException if there is no such level
     * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached
     */
    public static EmbeddedRegistry start(
            String bootstrapServers,
            int port,
            String defaultCompatibility,
            Map<String, ?> clientSettings,
            Handler gate) {
        CompatibilityLevel level = CompatibilityLevel.valueOf(defaultCompatibility);
        Map<String, Object> settings = new HashMap<>(clientSettings);
        settings.put("bootstrap.servers", bootstrapServers);
        Registry registry = new Registry(new SchemaTopic(settings), level);
        Javalin server = Javalin.create(config -> configure(config, registry, gate));
        try {
            server.start(ADDRESS, port);
        } catch (RuntimeException e) {
            registry.close();
            throw new IllegalStateException(
                    "The registry cannot open port " + port + " of " + ADDRESS
                            + "; choose another port, or 0 for any free one",
                    e);
        }
        EmbeddedRegistry started = new EmbeddedRegistry(registry, server);
        LOGGER.atInfo().addKeyValue("url", started.url()).log("The schema registry is running");
        return started;
    }

    private static void configure(JavalinConfig config, Registry registry, Handler gate) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.jetty.threadPool = new QueuedThreadPool(16, 2);
        // A subject may hold any character, a slash too; Jetty refuses %2F in a path unless told otherwise.
        config.jetty.modifyHttpConfiguration(http -> http.setUriCompliance(UriCompliance.UNSAFE));
        config.jetty.modifyServletContextHandler(
                handler -> handler.getServletHandler().setDecodeAmbiguousURIs(true));
        config.routes.before(gate);
        new RegistryApi(registry).addTo(config.routes);
    }

    /** The address for {@code schema.registry.url}. */
    public String url() {
        return "http://" + ADDRESS + ":" + port();
    }

    /** The port clients connect to. */
    public int port() {
        return server.port();
    }

    /** Stops answering and gives up the pen. */
    @Override
    public void close() {
        server.stop();
        registry.close();
    }
}
