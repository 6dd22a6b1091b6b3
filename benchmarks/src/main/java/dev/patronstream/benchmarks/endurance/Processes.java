package dev.patronstream.benchmarks.endurance;

import dev.patronstream.benchmarks.endurance.fault.Victim;
import dev.patronstream.benchmarks.endurance.process.Child;
import dev.patronstream.cli.cluster.Instance;
import dev.patronstream.cli.cluster.Instances;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The processes that faults befall, and who starts them again: what ends by itself comes back after a moment, as a
 * supervisor would have it, and is noted. Thread-safe.
 */
final class Processes implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration COMMANDS_LIFE = Duration.ofMinutes(4);
    private static final long LOOK_MILLIS = 500;

    /** The processes of patronstream. */
    static final List<Victim> SERVICES = List.of(Victim.SNAPSHOTTER, Victim.STREAMS_APP, Victim.CONNECTOR);

    private final Surroundings surroundings;
    private final Path directory;
    private final Map<Victim, Child> children = new EnumMap<>(Victim.class);
    private final Set<Victim> wanted = EnumSet.noneOf(Victim.class);
    private final List<OwnEnd> ownEnds = new ArrayList<>();
    private final Thread supervisor = new Thread(this::supervise, "supervisor");
    private long startsOfReplaced;
    private int connectors;
    private int commands;

    /** A process that ended without being killed. */
    record OwnEnd(Instant when, Victim victim, int exitCode, String lastWords) {}

    Processes(Surroundings surroundings, Path directory) {
        this.surroundings = surroundings;
        this.directory = directory;
        children.putAll(surroundings.kafka().brokers());
        children.put(Victim.SQLSERVER, surroundings.sqlServer());
        children.put(Victim.CONNECTOR, newConnector());
        children.put(Victim.STREAMS_APP, service(Victim.STREAMS_APP, "streams-app", "-Xmx320m"));
        children.put(Victim.SNAPSHOTTER, service(Victim.SNAPSHOTTER, "snapshotter", "-Xmx256m"));
        wanted.addAll(surroundings.kafka().brokers().keySet());
        wanted.add(Victim.SQLSERVER);
        supervisor.setDaemon(true);
    }

    /** Starts the services. */
    void start() {
        List.copyOf(children.keySet()).forEach(this::start);
        supervisor.start();
    }

    /** A connector with a folder of its own, so that two can run side by side. */
    private Child newConnector() {
        return service(Victim.CONNECTOR, "connector-" + ++connectors, "-Xmx320m");
    }

    private Child service(Victim victim, String name, String heap) {
        return new Child(
                name,
                List.of(
                        heap,
                        "dev.patronstream.cli.Patronstream",
                        "run",
                        "--only",
                        victim.id(),
                        "--config",
                        surroundings.configuration().toString()),
                Map.of("PATRONSTREAM_DIRECTORY", folder(name).toString()),
                surroundings.logs());
    }

    private Path folder(String name) {
        return directory.resolve("data-" + name);
    }

    synchronized Child child(Victim victim) {
        Child child = children.get(victim);
        if (child == null) {
            throw new IllegalArgumentException("There is no process of " + victim);
        }
        return child;
    }

    /** Kills processes, all at once. */
    void kill(List<Victim> victims) {
        List<Thread> killers = victims.stream()
                .map(victim -> new Thread(() -> {
                    Child child = unwanted(victim);
                    child.kill();
                }))
                .toList();
        killers.forEach(Thread::start);
        for (Thread killer : killers) {
            try {
                killer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Stops a process in order; one that does not stop in time is killed. */
    boolean stop(Victim victim) {
        Child child = unwanted(victim);
        boolean inTime = child.stop(PATIENCE);
        child.kill();
        return inTime;
    }

    synchronized void start(Victim victim) {
        wanted.add(victim);
        child(victim).start();
    }

    /** Starts a second connector, which takes the place of the first; returns the first. */
    synchronized Child replaceConnector() {
        Child first = child(Victim.CONNECTOR);
        startsOfReplaced += first.starts();
        Child second = newConnector();
        children.put(Victim.CONNECTOR, second);
        second.start();
        return first;
    }

    private synchronized Child unwanted(Victim victim) {
        wanted.remove(victim);
        return child(victim);
    }

    /** How many processes were started. */
    synchronized long starts() {
        return startsOfReplaced
                + children.values().stream().mapToLong(Child::starts).sum();
    }

    synchronized List<OwnEnd> ownEnds() {
        return List.copyOf(ownEnds);
    }

    /** Where the snapshotter takes orders. */
    Optional<String> snapshotterUrl() {
        return new Instances(folder("snapshotter"))
                .running().stream().map(Instance::statusUrl).findFirst();
    }

    /** The status pages of the services that are up, by service. */
    Map<String, String> statusUrls() {
        Map<String, String> urls = new TreeMap<>();
        for (Victim service : SERVICES) {
            new Instances(folder(child(service).name()))
                    .running().stream()
                            .map(Instance::statusUrl)
                            .findFirst()
                            .ifPresent(url -> urls.put(service.id(), url));
        }
        return urls;
    }

    /** Runs a command of patronstream on the folder of a service, to its end. */
    Child command(Victim where, String name, List<String> arguments) {
        List<String> line = new ArrayList<>(List.of("-Xmx384m", "dev.patronstream.cli.Patronstream"));
        line.addAll(arguments);
        line.addAll(List.of("--config", surroundings.configuration().toString()));
        Child command = new Child(
                "command-" + ++commands + "-" + name,
                line,
                Map.of("PATRONSTREAM_DIRECTORY", folder(child(where).name()).toString()),
                surroundings.logs());
        command.start();
        if (!command.awaitEnd(COMMANDS_LIFE)) {
            command.kill();
        }
        return command;
    }

    /** The file with what lets one order. */
    Path snapshotterToken() {
        return folder("snapshotter").resolve("status-token");
    }

    private void supervise() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            synchronized (this) {
                for (Victim victim : wanted) {
                    Child child = child(victim);
                    if (!child.isAlive()) {
                        ownEnds.add(new OwnEnd(Instant.now(), victim, child.exitCode(), child.lastWords()));
                        child.start();
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        supervisor.interrupt();
        kill(List.copyOf(children.keySet()));
    }
}
