package dev.patronstream.benchmarks.endurance.process;

import dev.patronstream.benchmarks.endurance.fault.Victim;
import dev.patronstream.sandbox.kafka.KafkaMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Kafka as processes: the embedded broker, or a cluster of several and a controller that no fault befalls. Clients reach each
 * broker through a relay of its own, brokers each other without one.
 */
public final class Kafka implements AutoCloseable {

    private static final int CONTROLLER_ID = 100;

    private final Path directory;
    private final Path logs;
    private final List<Victim> victims;
    private final Map<Victim, TcpRelay> relays = new EnumMap<>(Victim.class);
    private final Map<Victim, Integer> ports = new EnumMap<>(Victim.class);
    private final Map<Victim, Child> brokers = new EnumMap<>(Victim.class);
    private final @Nullable Child controller;

    /** Describes the brokers; nothing is started. */
    public Kafka(Path directory, int brokers, String logging, Path logs) throws IOException {
        this.directory = directory;
        this.logs = logs;
        this.victims = Victim.BROKERS.subList(0, brokers);
        for (Victim broker : victims) {
            int port = freePort();
            ports.put(broker, port);
            relays.put(broker, new TcpRelay(broker.name()).to(port));
        }
        if (brokers == 1) {
            this.controller = null;
            this.brokers.put(
                    Victim.KAFKA,
                    child(
                            Victim.KAFKA.id(),
                            "-Xmx448m",
                            logging,
                            KafkaMain.class.getName(),
                            folder(Victim.KAFKA).toString(),
                            Integer.toString(port(Victim.KAFKA)),
                            Integer.toString(relay(Victim.KAFKA).port())));
        } else {
            String cluster = Uuid.randomUuid().toString();
            int controllerPort = freePort();
            Path settings = directory.resolve("controller.properties");
            BrokerMain.write(settings, controllerSettings(controllerPort));
            this.controller = node("controller", "-Xmx192m", logging, cluster, settings);
            for (Victim broker : victims) {
                Path own = directory.resolve(broker.id() + ".properties");
                BrokerMain.write(own, brokerSettings(broker, controllerPort));
                this.brokers.put(broker, node(broker.id(), "-Xmx320m", logging, cluster, own));
            }
        }
    }

    private Child node(String name, String heap, String logging, String cluster, Path settings) {
        return child(name, heap, logging, BrokerMain.class.getName(), cluster, settings.toString());
    }

    private Child child(String name, String... java) {
        return new Child(name, List.of(java), Map.of(), logs);
    }

    private Map<String, String> controllerSettings(int port) {
        Map<String, String> settings = settings(CONTROLLER_ID, directory.resolve("controller"), port);
        settings.put("process.roles", "controller");
        settings.put("listeners", "CONTROLLER://127.0.0.1:" + port);
        return settings;
    }

    private Map<String, String> brokerSettings(Victim broker, int controllerPort) {
        Map<String, String> settings = settings(id(broker), folder(broker).resolve("log"), controllerPort);
        int internal = freePort();
        settings.put("process.roles", "broker");
        settings.put("listeners", "CLIENT://127.0.0.1:" + port(broker) + ",INTERNAL://127.0.0.1:" + internal);
        settings.put(
                "advertised.listeners",
                "CLIENT://127.0.0.1:" + relay(broker).port() + ",INTERNAL://127.0.0.1:" + internal);
        settings.put("inter.broker.listener.name", "INTERNAL");
        return settings;
    }

    /** Kafka's own defaults but for what makes a cluster of three safe, and small. */
    private Map<String, String> settings(int id, Path folder, int controllerPort) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("node.id", Integer.toString(id));
        settings.put("log.dirs", folder.toString());
        settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("controller.quorum.voters", CONTROLLER_ID + "@127.0.0.1:" + controllerPort);
        settings.put("auto.create.topics.enable", "false");
        String all = Integer.toString(victims.size());
        String most = Integer.toString(victims.size() - 1);
        settings.put("default.replication.factor", all);
        settings.put("min.insync.replicas", most);
        settings.put("offsets.topic.replication.factor", all);
        settings.put("transaction.state.log.replication.factor", all);
        settings.put("transaction.state.log.min.isr", most);
        settings.put("offsets.topic.num.partitions", "3");
        settings.put("transaction.state.log.num.partitions", "6");
        settings.put("initial.broker.registration.timeout.ms", "600000");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 * 1024 * 1024));
        return settings;
    }

    /** Starts all; returns when clients can use them. */
    public void start() throws InterruptedException {
        if (controller != null) {
            controller.start();
        }
        brokers.values().forEach(Child::start);
        for (Child broker : brokers.values()) {
            broker.awaitReady();
        }
    }

    /** The brokers' processes. */
    public Map<Victim, Child> brokers() {
        return Map.copyOf(brokers);
    }

    /** Each broker, as Kafka counts them. */
    private static int id(Victim broker) {
        return Victim.BROKERS.indexOf(broker) + 1;
    }

    static Victim victim(int id) {
        return Victim.BROKERS.get(id - 1);
    }

    /** A broker's folder. */
    public Path folder(Victim broker) {
        return directory.resolve(broker.id());
    }

    public TcpRelay relay(Victim broker) {
        return there(relays.get(broker), broker);
    }

    private int port(Victim broker) {
        return there(ports.get(broker), broker);
    }

    private static <T> T there(@Nullable T found, Victim broker) {
        if (found == null) {
            throw new IllegalArgumentException("There is no broker " + broker.id());
        }
        return found;
    }

    /** Where patronstream finds Kafka: past the relays. */
    public String relayedServers() {
        return servers(victims.stream().map(broker -> relay(broker).port()));
    }

    /** Where the run itself does; the addresses that it learns there lead past the relays too. */
    public String bootstrapServers() {
        return servers(victims.stream().map(this::port));
    }

    private static String servers(Stream<Integer> ports) {
        return ports.map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No port is free", e);
        }
    }

    @Override
    public void close() {
        brokers.values().forEach(Child::kill);
        if (controller != null) {
            controller.kill();
        }
        relays.values().forEach(TcpRelay::close);
    }
}
