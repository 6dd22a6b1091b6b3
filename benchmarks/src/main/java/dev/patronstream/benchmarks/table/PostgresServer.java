package dev.patronstream.benchmarks.table;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** A new PostgreSQL on a free port of 127.0.0.1, without passwords, in a folder of this run. Thread-safe. */
final class PostgresServer implements AutoCloseable {

    /** Debian's account of the server, which refuses to run as root. */
    private static final String ACCOUNT = "postgres";

    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

    private final Path programs;
    private final Path data;
    private final Path log;
    private final Driver driver;
    private final int port;
    private boolean runs;

    /**
     * Makes the server and starts it.
     *
     * @param programs where {@code initdb} and {@code pg_ctl} are
     * @param driver the jar of its JDBC driver
     * @param folder gets its data and its log
     */
    PostgresServer(Path programs, Path driver, Path folder) throws IOException, InterruptedException {
        this.programs = programs;
        this.log = folder.resolve("postgres.log");
        this.driver = ServiceLoader.load(
                        Driver.class,
                        new URLClassLoader(new URL[] {driver.toUri().toURL()}))
                .stream()
                .filter(found -> found.type().getName().startsWith("org.postgresql."))
                .findFirst()
                .orElseThrow()
                .get();
        this.data = Files.createDirectory(folder.resolve("postgres"));
        if (isRoot()) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            Files.setOwner(
                    data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(ACCOUNT));
        }
        run("initdb", "-D", data.toString(), "-U", user(), "-A", "trust", "-E", "UTF8", "--locale=C");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end-postgres"));
    }

    private void end() {
        try {
            close();
        } catch (IOException | InterruptedException e) {
            System.err.println("postgres: PostgreSQL in " + data + " was not stopped (" + e.getMessage() + ")");
        }
    }

    /** Returns the newest of Debian's folders with the programs; empty if there is none. */
    static Optional<Path> installed() throws IOException {
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(PostgresServer::isIn)
                    .max(Comparator.comparing(folder ->
                            Integer.valueOf(folder.getParent().getFileName().toString())));
        }
    }

    static boolean isIn(Path programs) {
        return Files.isExecutable(programs.resolve("initdb"));
    }

    synchronized void start() throws IOException, InterruptedException {
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''";
        run("pg_ctl", "-D", data.toString(), "-w", "-o", options, "start");
        runs = true;
    }

    /** Ends it as a crash would: without a checkpoint, with all connections cut. */
    synchronized void crash() throws IOException, InterruptedException {
        run("pg_ctl", "-D", data.toString(), "-w", "-m", "immediate", "stop");
        runs = false;
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    String user() {
        return "vendor";
    }

    Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.put("user", user());
        return driver.connect(url(), properties);
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(isRoot() ? List.of("runuser", "-u", ACCOUNT, "--") : List.of());
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        int code = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException(program + " ended with " + code + "; its log is " + log);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    @Override
    public synchronized void close() throws IOException, InterruptedException {
        if (runs) {
            crash();
        }
    }
}
