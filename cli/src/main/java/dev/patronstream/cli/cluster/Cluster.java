package dev.patronstream.cli.cluster;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.stages.StageBoard;
import dev.patronstream.cli.web.AccessToken;
import dev.patronstream.cli.web.Gate;
import dev.patronstream.embedded.kafka.BrokerAccount;
import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.embedded.registry.EmbeddedRegistry;
import dev.patronstream.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * Kafka and the registry: started in this process where the configuration says so, else where they are. Closing stops
 * what was started here.
 */
public final class Cluster implements AutoCloseable {

    private static final Duration STARTING = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 500;
    private static final String LOOPBACK = "127.0.0.1";
    private static final String REGISTRY_URL = "schema.registry.url";

    private final Configuration configuration;
    private final Optional<EmbeddedKafka> ownKafka;
    private final Optional<EmbeddedRegistry> ownRegistry;
    private final Addresses addresses;

    private Cluster(
            Configuration configuration,
            Optional<EmbeddedKafka> ownKafka,
            Optional<EmbeddedRegistry> ownRegistry,
            Addresses addresses) {
        this.configuration = configuration;
        this.ownKafka = ownKafka;
        this.ownRegistry = ownRegistry;
        this.addresses = addresses;
    }

    /**
     * Where the two are.
     *
     * @param bootstrapServers addresses of Kafka's brokers
     * @param registryUrl address of the registry
     */
    public record Addresses(String bootstrapServers, String registryUrl) {}

    /**
     * Starts what is embedded and makes sure that what exists answers.
     *
     * @throws CommandFailedException if something cannot be started or reached
     */
    public static Cluster open(Configuration configuration) {
        return open(configuration, failure -> false);
    }

    /**
     * Starts what is embedded and makes sure that what exists answers.
     *
     * @param again gets the reason why something does not answer, waits a while, and returns whether to ask again
     * @throws CommandFailedException if something cannot be started, or not be reached and is not asked again
     */
    public static Cluster open(Configuration configuration, Predicate<CommandFailedException> again) {
        Optional<EmbeddedKafka> kafka = Optional.empty();
        Optional<EmbeddedRegistry> registry = Optional.empty();
        try {
            String servers;
            if (configuration.kafka().isEmbedded()) {
                kafka = Optional.of(startKafka(configuration.kafka()));
                servers = kafka.get().bootstrapServers();
            } else {
                servers = configuration.kafka().bootstrapServers().get();
                String brokers = servers;
                ask(() -> Reachability.requireKafka(brokers, kafkaProperties(configuration)), again);
            }
            String url;
            if (configuration.registry().isEmbedded()) {
                registry = Optional.of(startRegistry(servers, configuration));
                url = registry.get().url();
            } else {
                url = configuration.registry().url().get();
                String address = url;
                ask(() -> Reachability.requireRegistry(address, registryProperties(configuration)), again);
            }
            return new Cluster(configuration, kafka, registry, new Addresses(servers, url));
        } catch (RuntimeException | Error e) {
            var unused = Thread.interrupted();
            registry.ifPresent(EmbeddedRegistry::close);
            kafka.ifPresent(EmbeddedKafka::close);
            throw e;
        }
    }

    /**
     * Returns the clients' view of the cluster that the configuration names, embedded in a running process or not, for
     * commands that run beside {@code run}.
     *
     * @throws CommandFailedException if it does not answer
     */
    public static ClusterClients running(Configuration configuration) {
        Optional<Instance> running = new Instances(configuration.installation().directory())
                .running().stream().findFirst();
        String servers = configuration
                .kafka()
                .bootstrapServers()
                .or(() -> running.map(Instance::bootstrapServers))
                .orElseThrow(() -> notRunning(configuration, "kafka.embedded: the broker"));
        String url = configuration
                .registry()
                .url()
                .or(() -> running.map(Instance::registryUrl))
                .orElseThrow(() -> notRunning(configuration, "registry.embedded: the registry"));
        Reachability.requireKafka(servers, kafkaProperties(configuration));
        Reachability.requireRegistry(url, registryProperties(configuration));
        return clients(configuration, new Addresses(servers, url));
    }

    /**
     * As {@link #running}, for commands that look at what has been captured; waits a moment for a process that is just
     * starting.
     *
     * @throws CommandFailedException also if the database was never read and no process here is about to, so that the
     *     command would wait in vain
     */
    public static ClusterClients begun(Configuration configuration) {
        ClusterClients clients = running(configuration);
        Topics topics = configuration.topics();
        Set<String> either = Set.of(topics.progress(), topics.epochs());
        Instances instances = new Instances(configuration.installation().directory());
        Instant deadline = Instant.now().plus(STARTING);
        while (instances.running().isEmpty() && Collections.disjoint(Reachability.topics(clients.kafka()), either)) {
            if (Instant.now().isAfter(deadline)) {
                throw new CommandFailedException("Nothing has been read from Aeries yet: there is no topic "
                        + topics.progress() + ", and no process on "
                        + configuration.installation().directory()
                        + ". Start one, and ask again when its status is good: patronstream run --config "
                        + configuration.installation().file());
            }
            pause();
        }
        return clients;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while waiting for the topics", e);
        }
    }

    private static CommandFailedException notRunning(Configuration configuration, String what) {
        return new CommandFailedException(what + " lives in the process of `patronstream run`, and none runs on "
                + configuration.installation().directory() + ". Start it: patronstream run --config "
                + configuration.installation().file());
    }

    public Addresses addresses() {
        return addresses;
    }

    /** Opens the board by which this process and the others of the district know of each other. */
    public StageBoard openBoard() {
        ClusterClients clients = clients();
        StageBoard board = new StageBoard(
                configuration.topics(),
                configuration.kafka().topics(),
                clients.kafka(),
                clients.avro(),
                StageBoard.thisProcess(
                        !configuration.deliveries().notices().channels().isEmpty()));
        board.start();
        return board;
    }

    public ClusterClients clients() {
        return clients(configuration, addresses);
    }

    /** Returns the clients' view of a cluster at these addresses. */
    public static ClusterClients clients(Configuration configuration, Addresses addresses) {
        Map<String, String> kafka = new HashMap<>(kafkaProperties(configuration));
        kafka.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, addresses.bootstrapServers());
        Map<String, String> serdes = new HashMap<>(registryProperties(configuration));
        serdes.put(REGISTRY_URL, addresses.registryUrl());
        return new ClusterClients(kafka, serdes);
    }

    /** Returns what every Kafka client of ours needs besides the address: what is configured, or our own broker's account. */
    public static Map<String, String> kafkaProperties(Configuration configuration) {
        Map<String, String> properties = new HashMap<>(configuration.kafka().properties());
        if (configuration.kafka().isEmbedded()) {
            BrokerAccount.find(configuration.kafka().directory())
                    .ifPresent(account -> properties.putAll(account.clientProperties()));
        }
        return properties;
    }

    /** Returns what every client of the registry needs besides the address, likewise. */
    public static Map<String, String> registryProperties(Configuration configuration) {
        Map<String, String> properties = new HashMap<>(configuration.registry().properties());
        if (configuration.registry().isEmbedded()) {
            AccessToken.find(configuration.installation().directory()).ifPresent(token -> {
                properties.put("basic.auth.credentials.source", "USER_INFO");
                properties.put("basic.auth.user.info", token.userAndPassword());
            });
        }
        return properties;
    }

    @Override
    public void close() {
        ownRegistry.ifPresent(EmbeddedRegistry::close);
        ownKafka.ifPresent(EmbeddedKafka::close);
    }

    private static EmbeddedKafka startKafka(Configuration.Kafka own) {
        requireCleanableLog(System.getProperty("os.name"));
        try {
            return EmbeddedKafka.startSecured(own.directory(), own.port());
        } catch (RuntimeException e) {
            throw new CommandFailedException(
                    "kafka.embedded: the broker in " + own.directory() + " cannot be started (" + reason(e)
                            + "). Is another run using the folder or the port? Stop it, or choose others",
                    e);
        }
    }

    /**
     * Refuses a broker of our own where it could not keep its topics small: on Windows Kafka cannot rename files that are
     * open (KAFKA-1194), and so fails when it cleans its log.
     */
    static void requireCleanableLog(String operatingSystem) {
        if (operatingSystem.startsWith("Windows")) {
            throw new CommandFailedException(
                    "kafka.embedded: the broker cannot clean its log on Windows, and would end after some days. Name a"
                            + " Kafka cluster on Linux in its place, as kafka.bootstrap-servers; docs/windows.md says more",
                    2);
        }
    }

    private static EmbeddedRegistry startRegistry(String servers, Configuration configuration) {
        try {
            return EmbeddedRegistry.start(
                    servers,
                    configuration.registry().port(),
                    "BACKWARD",
                    kafkaProperties(configuration),
                    new Gate(
                            LOOPBACK,
                            AccessToken.ensure(configuration.installation().directory()))::checkCall);
        } catch (RuntimeException e) {
            throw new CommandFailedException(
                    "registry: the embedded registry cannot be started (" + reason(e) + ")", e);
        }
    }

    private static void ask(Runnable question, Predicate<CommandFailedException> again) {
        while (true) {
            try {
                question.run();
                return;
            } catch (CommandFailedException e) {
                if (!again.test(e)) {
                    throw e;
                }
            }
        }
    }

    public static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message.strip();
    }
}
