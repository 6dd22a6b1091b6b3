package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patronstream.cli.DyingPart;
import dev.patronstream.cli.PatronstreamProcess;
import dev.patronstream.cli.People;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process of {@code run} that lacks something ends and says why, whichever part of it lacks it. */
@Tag("faults")
class LivesOrEndsTest {

    @TempDir
    static Path folder;

    private static PatronstreamProcess sandbox;
    private static People people;

    @BeforeAll
    static void start() throws Exception {
        people = new People();
        sandbox = PatronstreamProcess.sandbox(folder, 60);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
        people.close();
    }

    /** Each one has a folder of its own, which remembers what people were told. */
    private static Path configuration(String port) throws IOException {
        Path own = Files.createTempDirectory(folder, "lives-");
        return Files.writeString(
                folder.resolve("sandbox").resolve(own.getFileName() + ".yaml"),
                Files.readString(folder.resolve("sandbox").resolve("patronstream.yaml"))
                                .replace("port: 8085", "port: " + port)
                                .replaceFirst("(?m)^directory:.*$", "directory: " + own)
                        + people.yaml(own));
    }

    private static void assertEnds(PatronstreamProcess process, int exitCode, String... words) throws Exception {
        assertEquals(exitCode, process.await(), process.printed());
        String printed = process.printed();
        for (String word : words) {
            assertTrue(printed.contains(word), printed);
        }
        assertTrue(printed.lines().anyMatch(line -> line.startsWith("patronstream: ")), printed);
        assertFalse(printed.contains("\tat "), printed);
        String told = people.next();
        assertTrue(told.contains("eagle: the connector is down"), told);
        for (String word : words) {
            assertTrue(told.contains(word), told);
        }
        assertTrue(people.next().contains("eagle: the streams application is down"));
        assertTrue(people.next().contains("eagle: the snapshotter is down"));
        assertEquals(List.of(), people.more(), "each was told once");
    }

    @Test
    void aFolderForTemporaryFilesWithoutProgramsEndsWithAdviceThatHelps() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("noexec"));
        boolean mounted = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", mount.toString())
                        .start()
                        .waitFor()
                == 0;
        assumeTrue(mounted, "only root may mount a folder without programs; this was not tried");
        try {
            String configuration = configuration("0").toString();
            try (PatronstreamProcess run = PatronstreamProcess.start(
                    folder, List.of("-Djava.io.tmpdir=" + mount), "no such jar", "run", "--config", configuration)) {
                assertEnds(run, 1, "native library", mount.toString(), "PATRONSTREAM_JAVA_OPTS=-Djava.io.tmpdir=");
            }
            try (PatronstreamProcess run = PatronstreamProcess.start(
                    folder, List.of("-Djava.io.tmpdir=" + folder), "no such jar", "run", "--config", configuration)) {
                run.awaitText("Running; Ctrl-C stops");
            }
        } finally {
            new ProcessBuilder("umount", mount.toString()).start().waitFor();
        }
    }

    /** Each jar is missed by another part: at its start, or later on a thread of a library or of ours. */
    @ParameterizedTest
    @CsvSource({
        "rocksdbjni, org/rocksdb", // the streams application, as it starts
        "kafka-streams, org/apache/kafka/streams",
        "debezium-connector-sqlserver, SqlServerConnector", // the engine's own thread
        "jetty-server, org/eclipse/jetty", // the status page
    })
    void aPartOfTheProgramThatIsMissingEndsTheProcess(String jar, String named) throws Exception {
        try (PatronstreamProcess run = PatronstreamProcess.start(
                folder, List.of(), jar, "run", "--config", configuration("0").toString())) {
            assertEnds(run, 1, named);
        }
    }

    @Test
    void aHeapThatIsTooSmallEndsTheProcess() throws Exception {
        try (PatronstreamProcess run = PatronstreamProcess.start(
                folder,
                List.of("-Xmx24m"),
                "no such jar",
                "run",
                "--config",
                configuration("0").toString())) {
            assertEnds(run, 1, "PATRONSTREAM_JAVA_OPTS=-Xmx2g");
        }
    }

    @Test
    void aPortThatIsTakenEndsTheProcess() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PatronstreamProcess run = PatronstreamProcess.start(
                        folder,
                        "run",
                        "--config",
                        configuration(Integer.toString(taken.getLocalPort())).toString())) {
            assertEnds(run, 1, "status.port");
        }
    }

    @Test
    void aPartThatDiesWhileTheProcessWaitsForKafkaEndsItToo() throws Exception {
        Path configuration = configuration("0");
        Files.writeString(
                configuration,
                Files.readString(configuration)
                        .replaceFirst("bootstrap-servers: \\S+", "bootstrap-servers: 127.0.0.1:1"));
        Path sign = folder.resolve("sign");
        try (PatronstreamProcess run = PatronstreamProcess.start(
                folder,
                List.of(),
                "no such jar",
                DyingPart.class,
                sign.toString(),
                "run",
                "--config",
                configuration.toString())) {
            run.awaitText("Waiting, and asking again");
            Files.createFile(sign);
            assertEnds(run, 1, "Part 'planted' of the process has ended", "planted");
        }
    }
}
